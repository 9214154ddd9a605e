import type { AttentionMap, Sentence } from "./attention-map.ts";

/**
 * A map of words instead of tokens. The weight on a word is the sum over its tokens, the row of a word the mean of the
 * rows of its tokens: rows that sum to one still do.
 */
export function mergeWords<Map extends AttentionMap>(map: Map): Map {
  const rows = map.queries.tokens.length;
  const columns = map.keys.tokens.length;
  const [queries, keys] = [wordsOf(map.queries), wordsOf(map.keys)];
  const height = queries.tokens.length;
  const width = keys.tokens.length;
  const tokensIn = new Array<number>(height).fill(0);
  for (const { word } of map.queries.tokens) tokensIn[word]++;
  // Sums of a few float32 in double precision, so that a row of many tokens still sums to one.
  const sums = new Float64Array(map.heads * height * width);
  for (let head = 0; head < map.heads; head++) {
    for (let query = 0; query < rows; query++) {
      const { word } = map.queries.tokens[query];
      const to = (head * height + word) * width;
      const from = (head * rows + query) * columns;
      for (let key = 0; key < columns; key++) {
        sums[to + map.keys.tokens[key].word] += map.weights[from + key] / tokensIn[word];
      }
    }
  }
  return { ...map, queries, keys, weights: Float32Array.from(sums) };
}

/** The same sentence, its words as tokens. */
function wordsOf({ tokens, words }: Sentence): Sentence {
  const first = words.map((_, number) => tokens.find(({ word }) => word === number)!);
  return {
    words,
    tokens: words.map((text, word) => {
      const { special, padding } = first[word];
      return { piece: text, text, word, special, ...(padding && { padding }) };
    }),
  };
}
