import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { Theme } from "../../src/explain/ramp.ts";
import { SLIDES } from "./map-grid.tsx";
import type { Span } from "./map-layout.ts";
import { colsOf, maskAt, type Place, rowsOf } from "./reading.ts";
import { Thumb } from "./thumb.tsx";

interface Props {
  readonly view: AttentionView;
  readonly rows: Span;
  readonly cols: Span;
  readonly root: boolean;
  readonly theme: Theme;
  readonly move: (from: Place) => void;
}

/** A whole long map, small, with the part that is shown large; dragged, or moved with the arrow keys. */
export function MapWindow({ view, rows, cols, root, theme, move }: Props) {
  const { t } = useTranslation("attention");
  const bytes = useMemo(() => Uint8Array.from(view.weights, (weight) => Math.round(255 * Math.sqrt(weight))), [view]);
  const mask = useMemo(() => (row: number, col: number) => maskAt(view, { row, col }), [view]);
  const [height, width] = [rowsOf(view), colsOf(view)];
  const [tall, wide] = [rows.to - rows.from, cols.to - cols.from];
  const clamp = ({ row, col }: Place) =>
    move({ row: Math.max(0, Math.min(height - tall, row)), col: Math.max(0, Math.min(width - wide, col)) });
  return (
    <div className="map-window">
      {/* biome-ignore lint/a11y/useSemanticElements: a frame that moves in two directions is no other element */}
      <div
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the frame
        tabIndex={0}
        aria-label={t("part.label")}
        className="map-whole"
        style={{ aspectRatio: `${width} / ${height}` }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const box = event.currentTarget.getBoundingClientRect();
          clamp({
            row: Math.round(((event.clientY - box.top) / box.height) * height - tall / 2),
            col: Math.round(((event.clientX - box.left) / box.width) * width - wide / 2),
          });
        }}
        onKeyDown={(event) => {
          const by = SLIDES[event.key];
          if (!by) return;
          event.preventDefault();
          clamp({ row: rows.from + by.row, col: cols.from + by.col });
        }}
      >
        <Thumb bytes={bytes} cols={width} mask={mask} root={root} theme={theme} />
        <span
          className="map-frame-part"
          style={{
            left: `${(100 * cols.from) / width}%`,
            top: `${(100 * rows.from) / height}%`,
            width: `${(100 * wide) / width}%`,
            height: `${(100 * tall) / height}%`,
          }}
        />
      </div>
      <p className="caption num">
        {tall < height && <span>{t("part.rows", { from: rows.from + 1, to: rows.to, n: height })}</span>}
        {wide < width && <span>{t("part.cols", { from: cols.from + 1, to: cols.to, n: width })}</span>}
      </p>
    </div>
  );
}
