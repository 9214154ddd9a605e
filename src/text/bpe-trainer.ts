import { chooseAlphabet, countUnits } from "./alphabet.ts";
import { bytePieces } from "./bytes.ts";
import { learnMerges } from "./merges.ts";
import { specialTokens, unknownToken } from "./special-tokens.ts";

/** What a trainer is told. */
export interface TrainerOptions {
  readonly vocabularySize: number;
  readonly fallback: "bytes" | "characters";
  readonly minimumFrequency: number;
  readonly alphabetLimit?: number;
}

/** The model of a tokenizer.json of type BPE. */
export interface BpeModel {
  readonly type: "BPE";
  readonly unk_token: string;
  readonly byte_fallback: boolean;
  /** Id of each piece: special tokens, bytes, alphabet, then merged pieces in the order they were learnt. */
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly [key: string]: unknown;
}

/**
 * Learns a byte-pair encoding from counted words (`learnMerges`).
 *
 * @param words how often each word occurs, cut as the tokenizer will cut them
 * @throws RangeError if the vocabulary is too small (`chooseAlphabet`)
 */
export function trainBpe(words: ReadonlyMap<string, number>, options: TrainerOptions): BpeModel {
  const units = (word: string) => [...word];
  const bytes = options.fallback === "bytes" ? bytePieces() : [];
  const alphabet = chooseAlphabet(countUnits(words, units), { ...options, bytes: bytes.length });
  const { merges, pieces } = learnMerges(words, {
    alphabet,
    limit: options.vocabularySize - specialTokens.length - bytes.length - alphabet.length,
    minimumFrequency: options.minimumFrequency,
    units,
    join: (left, right) => left + right,
  });
  return {
    type: "BPE",
    dropout: null,
    unk_token: unknownToken,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: options.fallback === "bytes",
    ignore_merges: false,
    vocab: numbered([...specialTokens, ...bytes, ...alphabet, ...pieces]),
    merges,
  };
}

/** Each piece with its place as its id. */
export function numbered(pieces: readonly string[]): Record<string, number> {
  return Object.fromEntries(pieces.map((piece, id) => [piece, id]));
}
