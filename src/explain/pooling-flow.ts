import { LABEL, NAME } from "../charts/palette.ts";
import { element, escaped } from "../charts/svg.ts";
import { drawText, textBlock, textWidth } from "../charts/text-block.ts";
import type { AttentionView } from "./attention-view.ts";
import type { Drawing } from "./drawing.ts";
import { WeightScale } from "./ramp.ts";
import { percentOf } from "./wording.ts";

const WIDTH = 760;
const TILE = 30;
const PAD = 7;
const GAP = 3;
/** From which weight on the percentage stands under a word. */
const TOLD = 0.05;

/** One look over a text as the text itself, each token on a tile in the colour of its weight (after Yang et al. 2016). */
export function flowOf(view: AttentionView): Drawing {
  const scale = WeightScale.of(view);
  const line = TILE + LABEL.line + 4;
  let [x, y, width] = [0, 0, 0];
  const tiles = view.keys.tokens.map((token, i) => {
    const size = Math.max(TILE, textWidth(token.text, NAME) + 2 * PAD);
    // A new word stands apart from the one before.
    const apart = i > 0 && view.keys.tokens[i - 1].word !== token.word ? 3 * GAP : i > 0 ? GAP : 0;
    x += x > 0 ? apart : 0;
    if (x > 0 && x + size > WIDTH) [x, y] = [0, y + line];
    const tile = { text: token.text, weight: view.weights[i], x, y, size };
    x += size;
    width = Math.max(width, x);
    return tile;
  });
  return {
    width,
    height: y + line,
    scale,
    draw: (left, top) =>
      element(
        "g",
        {},
        tiles.flatMap((tile) => {
          const fill = scale.ink(tile.weight);
          const middle = left + tile.x + tile.size / 2;
          const weight = `${Math.round(100 * tile.weight)}`;
          return [
            element(
              "rect",
              {
                x: left + tile.x,
                y: top + tile.y,
                width: tile.size,
                height: TILE,
                rx: 4,
                fill: scale.colour(tile.weight),
              },
              [element("title", {}, [escaped(`${tile.text}: ${percentOf(tile.weight)}`)])],
            ),
            drawText(textBlock(tile.text, { ...NAME, fill }), middle, top + tile.y + (TILE - NAME.line) / 2, "middle"),
            ...(tile.weight >= TOLD
              ? [drawText(textBlock(weight, LABEL), middle, top + tile.y + TILE + 1, "middle")]
              : []),
          ];
        }),
      ),
  };
}
