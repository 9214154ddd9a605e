import { attentionGrid } from "../decoding/attention-grid.ts";
import type { ExplainedText } from "./attention-map.ts";
import { type AttentionChoice, type AttentionView, attentionViews } from "./attention-view.ts";
import { exampleOf, type Language, titleOf, WORDING } from "./wording.ts";

/** Which attention is shown, in which language its headings are, and the columns of the terminal. */
export interface AttentionTextOptions extends AttentionChoice {
  /** Default: `en`. */
  readonly language?: Language;
  /** Longer sentences go on below. Default: no limit. */
  readonly width?: number;
}

/**
 * Attention as shaded grids of text, for a terminal.
 *
 * @throws {AttentionError} when there is no such attention
 */
export function attentionText(explained: ExplainedText, options: AttentionTextOptions = {}): string {
  const wording = WORDING[options.language ?? "en"];
  const views = attentionViews(explained, options);
  return [
    exampleOf(explained, wording),
    ...views.map((view) => `${titleOf([view], wording)}\n${gridOf(view, options.width)}`),
  ].join("\n\n");
}

function gridOf({ queries, keys, weights }: AttentionView, width?: number): string {
  const count = keys.tokens.length;
  return attentionGrid(
    {
      sourceTokens: keys.tokens.map(({ text }) => text),
      tokens: queries.tokens.map(({ text }) => text),
      attention: queries.tokens.map((_, row) => ({
        view: { heads: 1, keys: count, weights: weights.slice(row * count, (row + 1) * count) },
      })),
    },
    { attention: "view", width },
  );
}
