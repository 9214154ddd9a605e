import { specialTokens, wordStart } from "./special-tokens.ts";

/** What `chooseAlphabet` is told. */
export interface AlphabetOptions {
  readonly vocabularySize: number;
  /** How many pieces of the vocabulary are bytes. */
  readonly bytes: number;
  readonly minimumFrequency: number;
  /** At most so many; without it, half of the places that special tokens and bytes leave. */
  readonly alphabetLimit?: number;
}

/** How often each unit occurs. */
export function countUnits(words: ReadonlyMap<string, number>, units: (word: string) => string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const unit of units(word)) counts.set(unit, (counts.get(unit) ?? 0) + count);
  }
  return counts;
}

/**
 * The single characters a vocabulary begins with: "▁", then the commonest, in the order of their code points.
 *
 * Characters rarer than the minimum frequency or past the limit are left to the fallback. A language with thousands of
 * characters thus leaves at least half of the places to longer pieces.
 *
 * @param counts how often each character occurs, those inside a word with their "##" if the model has it
 * @throws RangeError if the vocabulary has no place for them
 */
export function chooseAlphabet(counts: ReadonlyMap<string, number>, options: AlphabetOptions): string[] {
  const taken = specialTokens.length + options.bytes;
  const room = options.vocabularySize - taken;
  const limit = options.alphabetLimit ?? Math.max(1, Math.ceil(room / 2));
  const chosen = [...counts]
    .filter(([unit, count]) => count >= options.minimumFrequency && unit !== wordStart)
    .sort(([a, countA], [b, countB]) => countB - countA || rank(a) - rank(b))
    .slice(0, limit - 1)
    .map(([unit]) => unit);
  const alphabet = [wordStart, ...chosen].sort((a, b) => rank(a) - rank(b));
  if (alphabet.length > room) {
    throw new RangeError(
      `train: vocabularySize ${options.vocabularySize} is too small; it must be at least ${taken + alphabet.length} ` +
        `(${specialTokens.length} special tokens, ${options.bytes} bytes, ${alphabet.length} of the alphabet)` +
        (alphabet.length > 1 ? "; a smaller alphabetLimit needs fewer characters" : ""),
    );
  }
  return alphabet;
}

/** Units without "##" first, then by code point (not by UTF-16 unit, which would put emoji before U+FFFD). */
function rank(unit: string): number {
  const characters = [...unit];
  return (characters.length - 1) * 0x110000 + characters[characters.length - 1].codePointAt(0)!;
}
