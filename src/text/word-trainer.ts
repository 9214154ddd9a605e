import { numbered, type TrainerOptions } from "./bpe-trainer.ts";
import { continuation, specialTokens, unknownToken } from "./special-tokens.ts";
import type { WordPieceModel } from "./wordpiece-trainer.ts";

/**
 * A vocabulary of whole words: the most frequent ones, of equally frequent ones those that sort first. A WordPiece model
 * without pieces for the inside of a word is just that, and every library reads it: a word it does not hold is `<unk>`.
 *
 * @param words how often each word occurs, cut as the tokenizer will cut them
 * @throws RangeError if the vocabulary has no room beside the special tokens
 */
export function trainWords(words: ReadonlyMap<string, number>, options: TrainerOptions): WordPieceModel {
  const { vocabularySize, minimumFrequency } = options;
  const room = vocabularySize - specialTokens.length;
  if (room < 1) {
    throw new RangeError(`train: vocabularySize ${vocabularySize} is too small: it holds special tokens only`);
  }
  const chosen = [...words]
    .filter(([, count]) => count >= minimumFrequency)
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .slice(0, room)
    .map(([word]) => word);
  return {
    type: "WordPiece",
    unk_token: unknownToken,
    continuing_subword_prefix: continuation,
    // The pre-tokenizer bounds the length of a word.
    max_input_chars_per_word: 1000,
    vocab: numbered([...specialTokens, ...chosen]),
  };
}
