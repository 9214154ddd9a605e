import { openLibrary, wordsOf } from "./library.ts";
import { wellFormed } from "./normal-form.ts";
import type { Pipeline } from "./pipeline.ts";

/**
 * How often each word occurs in the texts, normalised and cut by the very parts that will be saved.
 *
 * @throws TypeError if a text is not a string
 */
export function countWords(texts: Iterable<string>, pipeline: Pipeline): Map<string, number> {
  const library = openLibrary({ ...pipeline, model: { type: "BPE", vocab: {}, merges: [] } });
  const counts = new Map<string, number>();
  let number = 0;
  for (const text of texts) {
    number++;
    if (typeof text !== "string") throw new TypeError(`train: text ${number} is not a string; it is ${typeof text}`);
    for (const word of wordsOf(library, wellFormed(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
