import { memo } from "react";
import type { SentenceToken } from "../../src/explain/attention-map.ts";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { isLabelled, type MapLayout } from "./map-layout.ts";
import { type Place, ties } from "./reading.ts";
import { useTextWidth } from "./use-room.ts";

interface Props {
  readonly view: AttentionView;
  readonly layout: MapLayout;
  readonly lit: Place | undefined;
}

/** The words beside and above the cells, and the brackets that tie pieces of one word. */
export const MapLabels = memo(function MapLabels({ view, layout, lit }: Props) {
  return (
    <>
      <Rows tokens={view.queries.tokens} layout={layout} lit={lit?.row} />
      <Columns tokens={view.keys.tokens} layout={layout} lit={lit?.col} />
    </>
  );
});

interface AxisProps {
  readonly tokens: readonly SentenceToken[];
  readonly layout: MapLayout;
  readonly lit: number | undefined;
}

function Rows({ tokens, layout, lit }: AxisProps) {
  const { left, top, cellHeight, everyRow } = layout;
  const measure = useTextWidth(13.5, 650);
  const pill = Math.max(20, Math.min(26, cellHeight));
  return (
    <>
      {tokens.map(({ text, special }, row) => {
        if (!isLabelled(row, everyRow, lit)) return null;
        const y = top + (row + 0.5) * cellHeight;
        const width = measure(text) + 16;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
          <g key={row}>
            {row === lit && (
              <rect className="map-pill" x={left - 10 - width} y={y - pill / 2} width={width} height={pill} rx={6} />
            )}
            <text className={labelClass(row === lit, special, "asks")} x={left - 18} y={y} textAnchor="end">
              {text}
            </text>
          </g>
        );
      })}
      {ties(tokens).map(({ from, to }) => (
        <path
          key={from}
          className="map-tie"
          d={`M${left - 5} ${top + from * cellHeight + 3}V${top + to * cellHeight - 3}`}
        />
      ))}
    </>
  );
}

function Columns({ tokens, layout, lit }: AxisProps) {
  const { left, top, cellWidth, everyCol, slant } = layout;
  return (
    <>
      {tokens.map(({ text, special }, col) => {
        if (!isLabelled(col, everyCol, lit)) return null;
        const x = left + (col + 0.5) * cellWidth;
        const place =
          slant === 0
            ? ({ x, y: top - 18, textAnchor: "middle" } as const)
            : ({ transform: `translate(${x + 3} ${top - 12}) rotate(${-slant})` } as const);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
          <text key={col} className={labelClass(col === lit, special, "looked")} {...place}>
            {text}
          </text>
        );
      })}
      {ties(tokens).map(({ from, to }) => (
        <path
          key={from}
          className="map-tie"
          d={`M${left + from * cellWidth + 3} ${top - 4}H${left + to * cellWidth - 3}`}
        />
      ))}
    </>
  );
}

function labelClass(lit: boolean, special: boolean, axis: "asks" | "looked"): string {
  return `map-label${lit ? ` lit-${axis}` : special ? " mark" : ""}`;
}
