import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { MapLayout } from "./map-layout.ts";
import { received, rowsOf } from "./reading.ts";

interface Props {
  readonly view: AttentionView;
  readonly layout: MapLayout;
  readonly lit: number | undefined;
}

const TALLEST = 26;

/** Bars under the columns: how much of all attention each gets. */
export const Received = memo(function Received({ view, layout, lit }: Props) {
  const { t } = useTranslation("attention");
  const { left, top, cellWidth, cellHeight } = layout;
  const sums = received(view);
  const most = Math.max(...sums);
  const y = top + rowsOf(view) * cellHeight + 8;
  return (
    <g>
      {sums.map((sum, col) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
          key={col}
          className={col === lit ? "map-received lit" : "map-received"}
          x={left + (col + 0.2) * cellWidth}
          y={y}
          width={0.6 * cellWidth}
          height={Math.max(1.5, (TALLEST * sum) / most)}
          rx={Math.min(2, 0.2 * cellWidth)}
        />
      ))}
      <text className="map-caption" x={left - 18} y={y + 6} textAnchor="end">
        {t("received")}
      </text>
    </g>
  );
});
