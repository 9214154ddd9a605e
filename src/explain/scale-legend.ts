import { TICK } from "../charts/palette.ts";
import { element } from "../charts/svg.ts";
import { drawText, textBlock } from "../charts/text-block.ts";
import { drawHidden } from "./heat-map.ts";
import { tickLabel, type WeightScale } from "./ramp.ts";

const WIDTH = 200;
const BAR = 10;
const STEPS = 100;

/** Pixels that a legend takes upward. */
export const LEGEND_HEIGHT = BAR + 4 + TICK.line;

/** What the colours mean, its upper left corner at `x, y`: a bar with ticks, and the sign of hidden cells where named. */
export function drawLegend(scale: WeightScale, x: number, y: number, hidden?: string): string {
  const step = WIDTH / STEPS;
  const bar = Array.from({ length: STEPS }, (_, i) =>
    element("rect", {
      x: x + i * step,
      y,
      // To the end of the bar, under the next: no paper shines through.
      width: WIDTH - i * step,
      height: BAR,
      fill: scale.colour(scale.weightAt((i + 0.5) / STEPS)),
    }),
  );
  const ticks = scale.ticks.map((weight) =>
    drawText(textBlock(tickLabel(weight, scale), TICK), x + WIDTH * scale.place(weight), y + BAR + 4, "middle"),
  );
  if (hidden === undefined) return element("g", {}, [...bar, ...ticks]);
  const left = x + WIDTH + 40;
  return element("g", {}, [
    ...bar,
    ...ticks,
    drawHidden([{ x: left, y: y - 4 }], { cell: 18, gap: 0 }),
    drawText(textBlock(hidden, TICK), left + 26, y - 4),
  ]);
}
