import { chooseAlphabet, countUnits } from "./alphabet.ts";
import { numbered, type TrainerOptions } from "./bpe-trainer.ts";
import { fromByteCharacters, toByteCharacters, utf8ByteCharacters } from "./bytes.ts";
import { learnMerges } from "./merges.ts";
import { continuation, specialTokens, unknownToken } from "./special-tokens.ts";

/** The model of a tokenizer.json of type WordPiece. */
export interface WordPieceModel {
  readonly type: "WordPiece";
  readonly unk_token: string;
  readonly continuing_subword_prefix: string;
  /** Id of each piece: special tokens, bytes, alphabet, then merged pieces in the order they were learnt. */
  readonly vocab: Readonly<Record<string, number>>;
  readonly [key: string]: unknown;
}

/**
 * Learns a WordPiece vocabulary from counted words.
 *
 * As in Hugging Face's `WordPieceTrainer`, the pieces are those byte-pair encoding finds when every character inside a
 * word carries "##"; a text is then cut by the longest match (Devlin et al. 2018), not by the merges.
 *
 * With byte fallback, pieces are learnt over characters and then written byte by byte, beside the single bytes. As
 * UTF-8 shows where a character begins, the longest match never cuts a known character, and an unknown one becomes its
 * bytes. Without it, a word with a character that training did not see at that place (first, or later) is `<unk>`
 * as a whole, as in BERT.
 *
 * @param words how often each word occurs, cut as the tokenizer will cut them
 * @throws RangeError if the vocabulary is too small (`chooseAlphabet`)
 */
export function trainWordPiece(words: ReadonlyMap<string, number>, options: TrainerOptions): WordPieceModel {
  const inBytes = options.fallback === "bytes";
  const readable = inBytes ? decodedWords(words) : words;
  const bytes = inBytes ? singleBytes() : [];
  const known = new Set(bytes);
  const written = (unit: string) => (inBytes ? writtenInBytes(unit) : unit);

  const counts = countUnits(readable, units);
  // An ASCII character is its byte, and has its place already.
  const single = [...counts.keys()].filter((unit) => known.has(written(unit))).sort();
  for (const unit of single) counts.delete(unit);
  const alphabet = chooseAlphabet(counts, { ...options, bytes: bytes.length });
  const { pieces } = learnMerges(readable, {
    alphabet: [...alphabet, ...single],
    limit: options.vocabularySize - specialTokens.length - bytes.length - alphabet.length,
    minimumFrequency: options.minimumFrequency,
    units,
    join: (left, right) => left + right.slice(continuation.length),
  });
  return {
    type: "WordPiece",
    unk_token: unknownToken,
    continuing_subword_prefix: continuation,
    // The pre-tokenizer bounds the length of a word; BERT's 100 would make long words unknown.
    max_input_chars_per_word: 1000,
    vocab: numbered([...specialTokens, ...bytes, ...[...alphabet, ...pieces].map(written)]),
  };
}

/** A word's first character as it is, the others with "##". */
function units(word: string): string[] {
  return Array.from(word, (character, index) => (index === 0 ? character : continuation + character));
}

function singleBytes(): string[] {
  const { first, later } = utf8ByteCharacters();
  return [...first, ...later.map((character) => continuation + character)];
}

/** No word begins with "##", so the mark is never text (`pipeline.ts`). */
function writtenInBytes(piece: string): string {
  return piece.startsWith(continuation)
    ? continuation + toByteCharacters(piece.slice(continuation.length))
    : toByteCharacters(piece);
}

function decodedWords(words: ReadonlyMap<string, number>): Map<string, number> {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return new Map(Array.from(words, ([word, count]) => [utf8.decode(fromByteCharacters(word)!), count]));
}
