import type { SentenceToken } from "../../src/explain/attention-map.ts";
import type { Shades } from "./shades.ts";

interface Props {
  readonly weights: readonly number[];
  readonly tokens: readonly SentenceToken[];
  readonly col: number;
  readonly shades: Shades;
  readonly measure: (text: string) => number;
}

const WIDTH = 320;
const HEIGHT = 52;
/** The bars with the most, and the one that is looked at, have their words below. */
const NAMED = 4;

/** The shares of a row as bars, one lit. */
export function RowBars({ weights, tokens, col, shades, measure }: Props) {
  const most = Math.max(1e-9, ...weights);
  const step = WIDTH / weights.length;
  const gap = Math.min(2, 0.15 * step);
  const order = weights.map((_, i) => i).sort((a, b) => weights[b] - weights[a]);
  const named = namedApart([col, ...order.filter((i) => i !== col).slice(0, NAMED)], (i) => ({
    middle: (i + 0.5) * step,
    half: measure(tokens[i].text) / 2 + 4,
    wanted: i === col || weights[i] > 0.02,
  }));
  return (
    <>
      <svg className="row-bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="vector-zero" d={`M0 ${HEIGHT - 1}H${WIDTH}`} />
        {weights.map((weight, i) => {
          const height = Math.max(0.8, ((HEIGHT - 6) * weight) / most);
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
              key={i}
              x={i * step + gap}
              y={HEIGHT - 2 - height}
              width={step - 2 * gap}
              height={height}
              rx={Math.min(2, 0.2 * step)}
              fill={i === col ? "var(--k)" : shades.scale.colour(Math.max(0.22, weight))}
            />
          );
        })}
      </svg>
      <div className="row-names" aria-hidden="true">
        {named.map((i) => (
          <span key={i} className={i === col ? "lit" : ""} style={{ left: `${(100 * (i + 0.5)) / weights.length}%` }}>
            {tokens[i].text}
          </span>
        ))}
      </div>
    </>
  );
}

interface Label {
  readonly middle: number;
  readonly half: number;
  readonly wanted: boolean;
}

/** Those whose labels do not touch one before them. */
function namedApart(order: readonly number[], labelOf: (i: number) => Label): number[] {
  const kept: { i: number; label: Label }[] = [];
  for (const i of order) {
    const label = labelOf(i);
    const free = kept.every(({ label: other }) => Math.abs(other.middle - label.middle) > other.half + label.half);
    if (label.wanted && free) kept.push({ i, label });
  }
  return kept.map(({ i }) => i);
}
