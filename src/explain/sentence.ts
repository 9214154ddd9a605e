import { continuation, wordStart } from "../text/special-tokens.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { Sentence, SentenceToken } from "./attention-map.ts";

/**
 * The sentence that some ids make up. A word is what the tokenizer has between blanks; special tokens are words of
 * their own.
 */
export function sentenceOf(tokenizer: Tokenizer, ids: readonly number[]): Sentence {
  const { padId, startId, endId, unknownId } = tokenizer;
  const special = new Set([padId, startId, endId, unknownId]);
  const pieces = tokenizer.pieces(ids);
  const marked = pieces.some((piece) => piece.startsWith(wordStart));
  const begins = (i: number) =>
    special.has(ids[i]) ||
    i === 0 ||
    special.has(ids[i - 1]) ||
    (marked ? pieces[i].startsWith(wordStart) : !pieces[i].startsWith(continuation));

  const words: number[][] = [];
  const tokens = pieces.map((piece, i): SentenceToken => {
    if (begins(i)) words.push([]);
    words.at(-1)!.push(ids[i]);
    return {
      piece,
      text: special.has(ids[i]) ? piece : shown(piece),
      word: words.length - 1,
      special: special.has(ids[i]),
    };
  });
  return {
    tokens,
    words: words.map((word, number) => {
      const pieces = tokens.filter((token) => token.word === number);
      return pieces[0].special
        ? pieces[0].text
        : tokenizer.decode(word).trim() || pieces.map(({ text }) => text).join("");
    }),
  };
}

/** A sentence whose only token is this. */
export function singleToken(text: string): Sentence {
  return { tokens: [{ piece: text, text, word: 0, special: false }], words: [text] };
}

/** A piece without the marks of the tokenizer; a mark that stands alone is shown as it is, a byte as the letter it is. */
function shown(piece: string): string {
  const byte = Number(/^<(0x[0-9A-F]{2})>$/.exec(piece)?.[1]);
  if (byte > 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  for (const mark of [wordStart, continuation]) {
    if (piece.startsWith(mark) && piece !== mark) return piece.slice(mark.length);
  }
  return piece;
}
