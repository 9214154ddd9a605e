/** Which steps of what was said are not the right word. */
export function wrongSteps(said: readonly number[], right: readonly number[]): boolean[] {
  return right.map((word, step) => said[step] !== word);
}

/** How many of the steps after a slip went wrong too. */
export function spread(wrong: readonly boolean[], slip: number): number {
  return wrong.filter((is, step) => is && step > slip).length;
}
