import { dot, softmax } from "./shares.ts";

/** What words and places add to the queries and keys of one head: a row a word, or a place. */
export interface PlacedHead {
  readonly wordQ: readonly (readonly number[])[];
  readonly wordK: readonly (readonly number[])[];
  readonly placeQ: readonly (readonly number[])[];
  readonly placeK: readonly (readonly number[])[];
}

/** The order of things when one of them is moved: at each place the number it had before. */
export function moved(count: number, from: number, to: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}

/**
 * Self-attention of words in some order.
 *
 * @param order which word stands at each place
 * @param encoded whether each place adds its positional encoding
 * @returns shares, a row and a column a place
 */
export function attentionInOrder(head: PlacedHead, order: readonly number[], encoded: boolean): number[][] {
  const at = (words: PlacedHead["wordQ"], places: PlacedHead["placeQ"]) =>
    order.map((word, place) => words[word].map((value, slot) => value + (encoded ? places[place][slot] : 0)));
  const [queries, keys] = [at(head.wordQ, head.placeQ), at(head.wordK, head.placeK)];
  return queries.map((query) => softmax(keys.map((key) => dot(query, key) / Math.sqrt(query.length))));
}

/** The same attention with rows and columns by word again, as the words stood before they were moved. */
export function byWord(attention: readonly (readonly number[])[], order: readonly number[]): number[][] {
  const placeOf = order.map((_, word) => order.indexOf(word));
  return placeOf.map((row) => placeOf.map((column) => attention[row][column]));
}

/** The largest share that two maps differ by, `0 … 1`. */
export function largestChange(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  return Math.max(...a.flatMap((row, i) => row.map((share, j) => Math.abs(share - b[i][j]))));
}
