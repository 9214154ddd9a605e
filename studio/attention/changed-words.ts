/** A word of an answer, and whether it is not in the answer before, in this order. */
export interface ChangedWord {
  readonly text: string;
  readonly changed: boolean;
}

/** The words of `after` that are not in the longest common subsequence with `before`. */
export function changedWords(before: string, after: string): ChangedWord[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  // Length of the common subsequence of the words from i and from j on.
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i][j] = old[i] === now[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const words: ChangedWord[] = [];
  let i = 0;
  for (let j = 0; j < now.length; j++) {
    while (i < old.length && old[i] !== now[j] && common[i + 1][j] >= common[i][j + 1] && common[i + 1][j] > 0) i++;
    const kept = i < old.length && old[i] === now[j];
    if (kept) i++;
    words.push({ text: now[j], changed: !kept });
  }
  return words;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
