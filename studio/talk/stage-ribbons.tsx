import type { RefObject } from "react";
import { rampColour, type Theme } from "../../src/explain/ramp.ts";
import { ribbonsOf } from "../drawing/ribbons.ts";
import type { Focus } from "./focus.ts";
import type { StageGeometry } from "./stage-geometry.ts";

interface Props {
  readonly drawing: RefObject<SVGSVGElement | null>;
  readonly geometry: StageGeometry | undefined;
  readonly focus: Focus | undefined;
  readonly weights: readonly number[] | undefined;
  readonly vertical: boolean;
  readonly theme: Theme;
}

/** How thick the bar of 100 % is, and how far from the words. */
const BAR = 5;
const FROM_WORDS = 4;

/** The attention of a word: a bar that stands for 100 % parts into ribbons as wide as their weights. */
export function StageRibbons({ drawing, geometry, focus, weights, vertical, theme }: Props) {
  const shown = geometry && !geometry.crowded && focus && weights ? { geometry, focus, weights } : undefined;
  return (
    <svg ref={drawing} className="ribbons" aria-hidden="true">
      {shown && <Drawn {...shown} vertical={vertical} theme={theme} />}
    </svg>
  );
}

interface DrawnProps {
  readonly geometry: StageGeometry;
  readonly focus: Focus;
  readonly weights: readonly number[];
  readonly vertical: boolean;
  readonly theme: Theme;
}

function Drawn({ geometry, focus, weights, vertical, theme }: DrawnProps) {
  const fromWritten = focus.axis === "written";
  const from = geometry[focus.axis][focus.index];
  const to = geometry[fromWritten ? "source" : "written"];
  if (from === undefined || to.length !== weights.length) return null;
  const whole = vertical ? 44 : 104;
  // The bar is at the side of the word it belongs to: below, or on the left.
  const depth = vertical ? geometry.width : geometry.height;
  const atStart = fromWritten === vertical;
  const bar = atStart ? FROM_WORDS : depth - FROM_WORDS - BAR;
  const near = atStart ? bar + BAR : bar;
  const far = atStart ? depth - 2 : 2;
  const ribbons = ribbonsOf(weights, { from, to, whole, near, far, direction: vertical ? "column" : "row" });
  const length =
    whole *
    Math.min(
      1,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
  const begin = from - length / 2;
  return (
    <>
      {ribbons.map(({ index, weight, path }) => (
        <path key={index} d={path} fill={rampColour(Math.max(0.2, weight), theme)} />
      ))}
      <rect
        className={fromWritten ? "bar-q" : "bar-k"}
        x={vertical ? bar : begin}
        y={vertical ? begin : bar}
        width={vertical ? BAR : length}
        height={vertical ? length : BAR}
        rx={BAR / 2}
      />
    </>
  );
}
