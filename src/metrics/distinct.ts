import { type BleuTokenizer, bleuTokenizers } from "./bleu-tokenizers.ts";
import { countNgrams } from "./n-grams.ts";

export interface DistinctOptions {
  /** How texts are cut into tokens. Default `13a`. */
  tokenizer?: BleuTokenizer;
  /** Whether capital and small letters are the same. Default false. */
  lowercase?: boolean;
}

/** How various texts are. */
export interface DistinctScore {
  /** Different tokens, and different pairs of neighbouring tokens, each over `tokens`; `0 … 1`. */
  distinct1: number;
  distinct2: number;
  /** In all texts. */
  tokens: number;
}

/**
 * distinct-1 and distinct-2 of texts (Li et al. 2016, §5): how many different unigrams and bigrams they have, over the
 * number of their tokens. Both are over the same number, so distinct-2 of texts of one token is 0.
 *
 * @returns zeros where the texts have no tokens
 */
export function distinct(
  texts: readonly string[],
  { tokenizer = "13a", lowercase = false }: DistinctOptions = {},
): DistinctScore {
  const found = [new Set<string>(), new Set<string>()];
  let tokens = 0;
  for (const text of texts) {
    const units = bleuTokenizers[tokenizer](lowercase ? text.toLowerCase() : text);
    tokens += units.length;
    for (const [i, different] of found.entries()) {
      for (const ngram of countNgrams(units, i + 1).keys()) different.add(ngram);
    }
  }
  const [distinct1, distinct2] = found.map(({ size }) => (tokens === 0 ? 0 : size / tokens));
  return { distinct1, distinct2, tokens };
}
