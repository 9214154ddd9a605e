import type { Tokenizer } from "../text/tokenizer.ts";
import type { Truncation } from "../text/truncate.ts";

/** A word of a text, where it stands, and how much of the attention it got. */
export interface AttendedWord {
  readonly word: string;
  /** In UTF-16 units of the text. */
  readonly start: number;
  readonly weight: number;
}

/**
 * The attention that the pieces of a text got, summed to its words (what stands between blanks). Words that were cut off
 * got none.
 *
 * @param attention one weight for each piece that was read
 * @returns `undefined` where the pieces cannot be told apart by words
 */
export function attendedWords(
  tokenizer: Tokenizer,
  text: string,
  attention: ArrayLike<number>,
  truncate: Truncation,
): AttendedWord[] | undefined {
  const words = Array.from(text.matchAll(/\S+/gu), ({ 0: word, index }) => ({ word, start: index }));
  const pieces = words.map(({ word }) => tokenizer.encode(word).length);
  const total = pieces.reduce((sum, count) => sum + count, 0);
  if (total !== tokenizer.encode(text).length) return undefined;
  let at = truncate === "start" ? attention.length - total : 0;
  return words.map((word, i) => {
    let weight = 0;
    for (const end = at + pieces[i]; at < end; at++) weight += attention[at] ?? 0;
    return { ...word, weight };
  });
}
