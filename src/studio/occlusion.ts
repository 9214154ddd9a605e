import type { Tokenizer } from "../text/tokenizer.ts";
import { shownSentence } from "./shown-sentence.ts";

/** A source without one of its words. */
interface OccludedSource {
  readonly w: number;
  readonly ids: readonly number[];
}

/** How many sources are dealt with at once; then what has come is told, and an order to stop is heard. */
const BATCH = 8;

/**
 * A source with one word after the other left out, in batches. A word that is all there is cannot be left out.
 *
 * @param words only these. Default: all that are text
 */
export function* occludedSources(
  tokenizer: Tokenizer,
  source: readonly number[],
  words?: readonly number[],
): Generator<readonly OccludedSource[], void, undefined> {
  const { toks } = shownSentence(tokenizer, source);
  const text = toks.filter(({ sp }) => sp === undefined || sp === "unk").map(({ w }) => w);
  const hidden = [...new Set(text)]
    .filter((w) => words === undefined || words.includes(w))
    .map((w) => ({ w, ids: source.filter((_, i) => toks[i].w !== w) }))
    .filter(({ ids }) => ids.length > 0);
  for (let from = 0; from < hidden.length; from += BATCH) yield hidden.slice(from, from + BATCH);
}
