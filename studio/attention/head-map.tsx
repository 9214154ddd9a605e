import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Theme } from "../../src/explain/ramp.ts";
import { usePhone } from "../app/media.ts";
import { Store } from "../app/store.ts";
import { ASKS, axisLines, Corner } from "./corner.tsx";
import { Loupe } from "./loupe.tsx";
import { MapCanvas } from "./map-canvas.tsx";
import { MapCells } from "./map-cells.tsx";
import { MapGrid, type MapGridProps } from "./map-grid.tsx";
import { MapLabels } from "./map-labels.tsx";
import { mapLayout, placeAt } from "./map-layout.ts";
import { MapOverlay } from "./map-overlay.tsx";
import { canDraw, NumbersTable } from "./numbers-table.tsx";
import { colsOf, type Place, rowsOf } from "./reading.ts";
import { Received } from "./received.tsx";
import type { Shades } from "./shades.ts";
import { useRoom, useTextWidth } from "./use-room.ts";

/** Above so many rows or columns cells are drawn as pixels. */
const SVG_CELLS = 40;
/** A finger that moves farther than this, in pixels, does not tap. */
const TAP = 10;

interface HeadMapProps extends MapGridProps {
  readonly shades: Shades;
  readonly theme: Theme;
}

/** A head as a heat map: pointing peeks, pressing pins, Esc leaves; the arrow keys walk through its cells. */
export function HeadMap(props: HeadMapProps) {
  const { view, shades, theme, name, pinned, peeked, pin } = props;
  const { t } = useTranslation("attention");
  const plot = useRef<HTMLDivElement>(null);
  const room = useRoom(plot);
  const phone = usePhone();
  const measure = useTextWidth(13.5, 550);
  const [loupe] = useState(() => new Store<{ place: Place; x: number; y: number } | undefined>(undefined));
  const size = { rows: rowsOf(view), cols: colsOf(view) };
  const measureAxis = useTextWidth(12, 600);
  const axes = axisLines(t(ASKS[view.kind]), t("axes.looked"), phone);
  const axisWidth = Math.max(...[...axes.asks, ...axes.looked].map(measureAxis));
  const layout = useMemo(
    () =>
      mapLayout({
        rowLabels: view.queries.tokens.map(({ text }) => measure(text)),
        colLabels: view.keys.tokens.map(({ text }) => measure(text)),
        axes: [axisWidth],
        width: room.width,
        height: phone ? Number.POSITIVE_INFINITY : Math.max(200, room.height),
        phone,
      }),
    [view, measure, axisWidth, room.width, room.height, phone],
  );
  const down = useRef<{ x: number; y: number }>(undefined);
  const placeOf = (event: { clientX: number; clientY: number; currentTarget: Element }) => {
    const box = event.currentTarget.getBoundingClientRect();
    return placeAt(layout, { x: event.clientX - box.left, y: event.clientY - box.top }, size);
  };
  const drawn = { view, layout, shades, theme };
  const pixels = Math.max(size.rows, size.cols) > SVG_CELLS;
  if (pixels && !canDraw()) return <NumbersTable view={view} />;
  return (
    <div className="map-plot" ref={plot}>
      {room.width > 0 && (
        // The keyboard walks through the table below.
        // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed here is a cell of that table
        // biome-ignore lint/a11y/useKeyWithClickEvents: the table has the keys
        <div
          className="map"
          style={{ width: layout.width, height: layout.height }}
          onPointerDown={(event) => {
            down.current = within(event);
          }}
          onPointerMove={(event) => {
            const place = placeOf(event);
            peeked.set(place);
            const at = within(event);
            const far = down.current && Math.hypot(at.x - down.current.x, at.y - down.current.y) > TAP;
            if (event.pointerType === "touch" && far) loupe.set(place && { place, ...at });
          }}
          onPointerLeave={() => {
            peeked.set(undefined);
            loupe.set(undefined);
          }}
          onPointerUp={() => {
            const under = loupe.get();
            loupe.set(undefined);
            // A finger that was drawn along gives no click.
            if (under) pin(under.place);
          }}
          onPointerCancel={() => loupe.set(undefined)}
          onClick={(event) => {
            const place = placeOf(event);
            if (place) pin(place.row === pinned?.row && place.col === pinned.col ? undefined : place);
          }}
        >
          {pixels && <MapCanvas {...drawn} />}
          <svg className="map-drawing" width={layout.width} height={layout.height} aria-hidden="true">
            {!pixels && <MapCells {...drawn} />}
            <MapLabels view={view} layout={layout} lit={pinned} />
            <Corner kind={view.kind} layout={layout} phone={phone} />
            {!phone && <Received view={view} layout={layout} lit={pinned?.col} />}
          </svg>
          <MapOverlay view={view} layout={layout} pinned={pinned} peeked={peeked} />
          <Loupe {...drawn} at={loupe} />
          <MapGrid {...props} name={name} />
        </div>
      )}
    </div>
  );
}

function within(event: { clientX: number; clientY: number; currentTarget: Element }) {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
