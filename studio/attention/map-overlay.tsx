import type { AttentionView } from "../../src/explain/attention-view.ts";
import { type Store, useStore } from "../app/store.ts";
import type { MapLayout } from "./map-layout.ts";
import { colsOf, type Place, rowsOf } from "./reading.ts";

interface Props {
  readonly view: AttentionView;
  readonly layout: MapLayout;
  readonly pinned: Place | undefined;
  readonly peeked: Store<Place | undefined>;
}

/** No frame around a cell is smaller than this, in pixels. */
const FRAME = 15;

/** What moves over a map: the rules and the frame of the pinned cell, the cross-hair of the one that is pointed at. */
export function MapOverlay({ view, layout, pinned, peeked }: Props) {
  const peek = useStore(peeked);
  const size = { rows: rowsOf(view), cols: colsOf(view) };
  const inside = (place: Place | undefined) => place && place.row < size.rows && place.col < size.cols;
  return (
    <svg className="map-overlay" width={layout.width} height={layout.height} aria-hidden="true">
      {inside(peek) && <Rules place={peek!} layout={layout} {...size} name="peek" />}
      {inside(pinned) && <Rules place={pinned!} layout={layout} {...size} name="pin" />}
      {inside(pinned) && <Frame place={pinned!} layout={layout} />}
      {inside(peek) && <Ring place={peek!} layout={layout} />}
    </svg>
  );
}

interface RulesProps {
  readonly place: Place;
  readonly layout: MapLayout;
  readonly rows: number;
  readonly cols: number;
  readonly name: "peek" | "pin";
}

function Rules({ place, layout, rows, cols, name }: RulesProps) {
  const { left, top, cellWidth, cellHeight } = layout;
  const [right, bottom] = [left + cols * cellWidth, top + rows * cellHeight];
  const [x, y] = [left + place.col * cellWidth, top + place.row * cellHeight];
  return (
    <g className={`map-rules ${name}`}>
      <path className="asks" d={`M${left} ${y}H${right}M${left} ${y + cellHeight}H${right}`} />
      <path className="looked" d={`M${x} ${top}V${bottom}M${x + cellWidth} ${top}V${bottom}`} />
    </g>
  );
}

function boxOf(place: Place, { left, top, cellWidth, cellHeight }: MapLayout) {
  const [width, height] = [Math.max(FRAME, cellWidth), Math.max(FRAME, cellHeight)];
  return {
    x: left + (place.col + 0.5) * cellWidth - width / 2,
    y: top + (place.row + 0.5) * cellHeight - height / 2,
    width,
    height,
    rx: 4,
  };
}

function Frame({ place, layout }: { readonly place: Place; readonly layout: MapLayout }) {
  const box = boxOf(place, layout);
  return (
    <>
      <rect className="map-frame ground" {...box} />
      <rect className="map-frame" {...box} />
    </>
  );
}

/** Shown while the keyboard is in the map. */
function Ring({ place, layout }: { readonly place: Place; readonly layout: MapLayout }) {
  const { x, y, width, height } = boxOf(place, layout);
  return <rect className="map-ring" x={x - 4} y={y - 4} width={width + 8} height={height + 8} rx={7} />;
}
