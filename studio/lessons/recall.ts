/** Percent of words remembered, by length of the sentence and place of the word. */
export type Recall = (length: number) => readonly number[];

/** Rows of signed bytes, one after another, of a base64 text. */
function bytes(base64: string): Int8Array {
  return Int8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Recall out of its bytes: a row a length from the shortest on, as long as the sentence. */
export function recallOf(base64: string, shortest: number): Recall {
  const all = bytes(base64);
  return (length) => {
    let from = 0;
    for (let shorter = shortest; shorter < length; shorter++) from += shorter;
    return Array.from(all.subarray(from, from + length));
  };
}

/** Vectors out of their bytes, in hundredths: one a length from the shortest on. */
export function vectorsOf(base64: string, { shortest, cells }: { shortest: number; cells: number }) {
  const all = bytes(base64);
  return (length: number): number[] =>
    Array.from(all.subarray((length - shortest) * cells, (length - shortest + 1) * cells), (value) => value / 100);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
