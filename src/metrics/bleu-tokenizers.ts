import { splitWords, withoutBlanksAtEnd } from "./white-space.ts";

/**
 * How BLEU cuts a text into tokens.
 *
 * - `13a`: words and punctuation marks, as the evaluations of WMT do; for languages that put blanks between words
 * - `char`: characters (code points); for languages that do not, and for Korean, whose words change at their ends
 * - `none`: at blanks only; for text that is tokenized already
 */
export type BleuTokenizer = "13a" | "char" | "none";

export const bleuTokenizers: Record<BleuTokenizer, (text: string) => string[]> = {
  "13a": splitPunctuation,
  char: (text) => Array.from(splitWords(text).join("")),
  none: splitWords,
};

/** ASCII punctuation and symbols, but for `'` and for `,`, `-` and `.`, which may stand inside a word or a number. */
const asciiMarks = /[!-&(-+/:-@[-`{-~]/g;

/** The tokenization of NIST's mteval-v13a.pl. */
function splitPunctuation(text: string): string[] {
  const plain = withoutBlanksAtEnd(text)
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  // A point or comma stays where digits are on both sides of it, a hyphen where no digit is before it.
  const spaced = ` ${plain} `
    .replace(asciiMarks, " $& ")
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])-/g, "$1 - ");
  return splitWords(spaced);
}
