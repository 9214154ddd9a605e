import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { Architecture } from "../../src/studio/wire.ts";
import { colsOf, type Place, rowsOf, weightAt } from "./reading.ts";
import type { Shades } from "./shades.ts";

interface Props {
  readonly view: AttentionView;
  readonly arch: Architecture;
  readonly shades: Shades;
  readonly pinned: Place | undefined;
  readonly pin: (place: Place) => void;
}

const [WIDTH, HEIGHT] = [252, 150];
const [TOP, BOTTOM] = [34, 116];

/** What the two rows of states are, and what is told of them. */
const NAMES = {
  alignment: { top: "reads", bottom: "writes", says: "recurrent" },
  pooling: { top: "reads", bottom: "judges", says: "pooling" },
  bag: { top: "embeds", bottom: "averages", says: "bag" },
} as const;

/** A network step by step: the states that were read, those that wrote or judged, and where the pinned one looks. */
export function Unrolled({ view, arch, shades, pinned, pin }: Props) {
  const { t } = useTranslation("attention");
  const names = NAMES[arch === "bag" ? "bag" : view.kind === "pooling" ? "pooling" : "alignment"];
  const [rows, cols] = [rowsOf(view), colsOf(view)];
  const at = (place: number, count: number) => ((place + 0.5) * WIDTH) / count;
  const size = (count: number) => Math.max(3, Math.min(16, WIDTH / count - 4));
  const chain = (count: number, y: number) => `M${at(0, count)} ${y}H${at(count - 1, count)}`;
  return (
    <figure className="unrolled">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <text x="0" y="14" className="map-axis looked">
          {t(`overview.${names.top}`)}
        </text>
        <text x="0" y={HEIGHT - 4} className="map-axis asks">
          {t(`overview.${names.bottom}`)}
        </text>
        {arch !== "bag" && <path className="unrolled-chain" d={chain(cols, TOP)} />}
        <path className="unrolled-chain" d={chain(rows, BOTTOM)} />
        {pinned &&
          Array.from({ length: cols }, (_, col) => {
            const weight = weightAt(view, { row: pinned.row, col });
            if (weight < 0.004) return null;
            const [x0, x1] = [at(pinned.row, rows), at(col, cols)];
            return (
              <path
                // biome-ignore lint/suspicious/noArrayIndexKey: a state is its place
                key={col}
                fill="none"
                stroke={shades.scale.colour(Math.max(0.2, weight))}
                strokeWidth={Math.max(1.1, 12 * weight)}
                d={`M${x0} ${BOTTOM - 8}C${x0} ${(TOP + BOTTOM) / 2} ${x1} ${(TOP + BOTTOM) / 2} ${x1} ${TOP + 8}`}
              />
            );
          })}
        {Array.from({ length: cols }, (_, col) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a state is its place
            key={col}
            className={col === pinned?.col ? "state looked" : "state"}
            x={at(col, cols) - size(cols) / 2}
            y={TOP - size(cols) / 2}
            width={size(cols)}
            height={size(cols)}
            rx={Math.min(4, size(cols) / 4)}
          />
        ))}
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the map beside it has the same for the keyboard
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a state is its place
            key={row}
            className={row === pinned?.row ? "state asks" : "state"}
            x={at(row, rows) - size(rows) / 2}
            y={BOTTOM - size(rows) / 2}
            width={size(rows)}
            height={size(rows)}
            rx={Math.min(4, size(rows) / 4)}
            onClick={() => pin({ row, col: pinned?.col ?? 0 })}
          />
        ))}
      </svg>
      <figcaption className="note-text">{t(`overview.${names.says}`)}</figcaption>
    </figure>
  );
}
