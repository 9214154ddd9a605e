import type { SpecialTok, Tok } from "../../src/studio/wire.ts";

/** A word as views show it: its text, the pieces it was made of, and what it is where it is no text. */
export interface Word {
  readonly text: string;
  /** Places of its pieces in the sentence. */
  readonly pieces: readonly number[];
  readonly special?: SpecialTok;
}

/** The words that pieces make up; `texts` are theirs where they are known, else the pieces are put together. */
export function wordsOf(tokens: readonly Tok[], texts: readonly string[] = []): Word[] {
  const words: { text: string; pieces: number[]; special?: SpecialTok }[] = [];
  tokens.forEach((token, place) => {
    words[token.w] ??= { text: "", pieces: [], ...(token.sp && { special: token.sp }) };
    words[token.w].text += token.t;
    words[token.w].pieces.push(place);
  });
  return words.map((word, number) => ({ ...word, text: texts[number] || word.text }));
}

/** The weights on words: each the sum over its pieces. */
export function weightsOfWords(weights: ArrayLike<number>, words: readonly Word[]): number[] {
  return words.map(({ pieces }) => pieces.reduce((sum, place) => sum + weights[place], 0));
}
