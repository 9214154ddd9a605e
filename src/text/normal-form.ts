import { wordStart } from "./special-tokens.ts";

/** How a text is written before it is cut into pieces. */
export interface TextRules {
  /**
   * Unicode normalisation (UAX #15). "nfc" composes Hangul jamo and accents and changes nothing one can see; "nfkc"
   * also replaces compatibility characters, such as "？" by "?"; "none" leaves code points as they came.
   */
  readonly normalization: "nfc" | "nfkc" | "none";

  /** Whether capital letters become small ones. */
  readonly lowercase: boolean;

  /**
   * "isolated" makes each punctuation mark a piece of its own and adds no blank: exactly reversible.
   * "spaced" puts a blank before and after each of `? . ! ,` and takes the blank before the mark away again when
   * decoding: "영화 볼래?" is learnt as "영화 볼래 ?", and "3.5" comes back as "3. 5".
   * "dropped" makes a blank of every ASCII mark and symbol but the apostrophe: only words remain.
   */
  readonly punctuation: "isolated" | "spaced" | "dropped";
}

/** What "dropped" punctuation makes a blank of: ASCII without letters, digits and the apostrophe. */
export const droppedMarks = /[\x21-\x26\x28-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E]/;

/** The marks that "spaced" punctuation sets apart. */
export const spacedMarks = ["?", ".", "!", ","] as const;

/** Replaces lone surrogates, which no UTF-8 file can hold, by U+FFFD (as `String.prototype.toWellFormed`, ES2024). */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** Makes every run of blanks (Unicode `White_Space`, line ends too) one blank, and none at either end. */
function singleBlanks(text: string): string {
  return text.replace(/\p{White_Space}+/gu, " ").replace(/^ | $/g, "");
}

/** Sets each of `? . ! ,` apart with single blanks: "영화 볼래?" becomes "영화 볼래 ?". */
export function spacePunctuation(text: string): string {
  return singleBlanks(text.replace(/[?.!,]/g, " $& "));
}

/** Joins each of `? . ! ,` to the word before it: "것 같아요 ." becomes "것 같아요.". */
export function joinPunctuation(text: string): string {
  return text.replace(/ ([?.!,])/g, "$1");
}

/**
 * The text that decoding the pieces of a text gives back, where none of them is unknown.
 *
 * Besides what the rules say: lone surrogates become U+FFFD, U+FEFF (byte order mark) is left out, "▁" (U+2581), which
 * marks blanks inside the tokenizer, becomes "_", and runs of blanks become one, with none at either end.
 * A tokenizer.json holds the same rules as its normalizer and decoder; this is them in plain code.
 */
export function normalForm(text: string, rules: TextRules): string {
  let form = wellFormed(text).replaceAll("\uFEFF", "");
  if (rules.normalization !== "none") form = form.normalize(rules.normalization === "nfkc" ? "NFKC" : "NFC");
  form = form.replaceAll(wordStart, "_");
  // Σ at the end of a word would become ς in JavaScript and σ in Rust.
  if (rules.lowercase) form = form.replaceAll("Σ", "σ").toLowerCase();
  if (rules.punctuation === "dropped") form = form.replace(new RegExp(droppedMarks, "g"), " ");
  return rules.punctuation === "spaced" ? joinPunctuation(spacePunctuation(form)) : singleBlanks(form);
}
