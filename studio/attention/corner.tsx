import { useTranslation } from "react-i18next";
import type { AttentionKind } from "../../src/explain/attention-map.ts";
import type { MapLayout } from "./map-layout.ts";

interface Props {
  readonly kind: AttentionKind;
  readonly layout: MapLayout;
  readonly phone: boolean;
}

/** Which word asks in a kind of attention: the key of its name. */
export const ASKS = {
  cross: "axes.written",
  alignment: "axes.written",
  encoder: "axes.asks",
  decoder: "axes.asks",
  pooling: "axes.verdict",
} as const satisfies Record<AttentionKind, string>;

/** The corner of a map, a header cell with a diagonal as in a timetable: above it the columns' name, below the rows'. */
export function Corner({ kind, layout, phone }: Props) {
  const { t } = useTranslation("attention");
  const { left, top, corner } = layout;
  const { asks, looked } = axisLines(t(ASKS[kind]), t("axes.looked"), phone);
  return (
    <g>
      <path className="map-diagonal" d={`M0 ${top - corner}L${left - 8} ${top - 3}`} />
      {looked.map((line, i) => (
        <text
          key={line}
          className="map-axis looked"
          x={left - 8}
          y={top - corner + (phone ? 4 : 8) + 13 * i}
          textAnchor="end"
        >
          {line}
        </text>
      ))}
      {asks.map((line, i) => (
        <text key={line} className="map-axis asks" x={2} y={top - 5 - 13 * (asks.length - 1 - i)}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** How a kind of attention names its rows and columns, in lines. */
export function axisLines(asks: string, looked: string, phone: boolean): { asks: string[]; looked: string[] } {
  return { asks: linesOf(asks, phone), looked: linesOf(looked, phone) };
}

/** A name, its last word under the others where there is little room. */
function linesOf(name: string, phone: boolean): string[] {
  const words = name.split(" ");
  return phone && words.length > 1 ? [words.slice(0, -1).join(" "), words[words.length - 1]] : [name];
}
