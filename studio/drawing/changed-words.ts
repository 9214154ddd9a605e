/** A word of an answer, and whether the answer before did not have it there. */
export interface AnswerWord {
  readonly text: string;
  readonly changed: boolean;
}

/**
 * The words of an answer; changed are those outside the longest common subsequence with the answer before.
 *
 * @param before `undefined` where there is none: then nothing has changed
 */
export function changedWords(answer: string, before: string | undefined): AnswerWord[] {
  const now = answer.split(/\s+/).filter(Boolean);
  if (before === undefined) return now.map((text) => ({ text, changed: false }));
  const old = before.split(/\s+/).filter(Boolean);
  // lengths[i][j]: of the longest common subsequence of what follows i and j.
  const lengths = Array.from({ length: now.length + 1 }, () => new Array<number>(old.length + 1).fill(0));
  for (let i = now.length - 1; i >= 0; i--) {
    for (let j = old.length - 1; j >= 0; j--) {
      lengths[i][j] = now[i] === old[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  let j = 0;
  return now.map((text, i) => {
    while (j < old.length && old[j] !== text && lengths[i][j + 1] === lengths[i][j]) j++;
    const same = j < old.length && old[j] === text && lengths[i][j] > lengths[i + 1][j];
    if (same) j++;
    return { text, changed: !same };
  });
}
