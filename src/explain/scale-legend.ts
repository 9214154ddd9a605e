import { TICK } from "../charts/palette.ts";
import { element } from "../charts/svg.ts";
import { drawText, textBlock, textWidth } from "../charts/text-block.ts";
import type { Mask } from "./attention-map.ts";
import { drawHidden } from "./heat-map.ts";
import { tickLabel, type WeightScale } from "./ramp.ts";

const WIDTH = 200;
const BAR = 10;
const STEPS = 100;

/** Pixels that a legend takes upward. */
export const LEGEND_HEIGHT = BAR + 4 + TICK.line;

/** What a legend says beside the colours. */
export interface LegendNotes {
  /** What the end of the ramp stands for, where it is not that share of the whole row. */
  readonly top?: string;
  /** The masks that hide cells of the map, and their names. */
  readonly masks?: readonly (readonly [mask: Mask, name: string])[];
}

/** What the colours mean, its upper left corner at `x, y`: a bar with ticks, and the sign and name of each mask. */
export function drawLegend(scale: WeightScale, x: number, y: number, { top, masks = [] }: LegendNotes = {}): string {
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
  let left = x + WIDTH + 40;
  const note = top === undefined ? [] : [drawText(textBlock(top, TICK), left, y - 4)];
  if (top !== undefined) left += textWidth(top, TICK) + 20;
  const signs = masks.flatMap(([mask, name]) => {
    const at = left;
    left += 26 + textWidth(name, TICK) + 20;
    return [
      drawHidden([{ x: at, y: y - 4 }], mask, { cell: 18, gap: 0 }),
      drawText(textBlock(name, TICK), at + 26, y - 4),
    ];
  });
  return element("g", {}, [...bar, ...ticks, ...note, ...signs]);
}
