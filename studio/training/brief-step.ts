/** A step in few letters, such as `1.5k`. */
export function briefStep(step: number): string {
  return step < 1000 ? String(step) : `${Number((step / 1000).toFixed(1))}k`;
}

/**
 * The name of a button that shows a step briefly. It has what is seen, for those who press a button by saying what they see.
 *
 * @param whole the step in words, such as `Step 1,542`
 */
export function nameOfStep(step: number, whole: string): string {
  return step < 1000 ? whole : `${briefStep(step)}, ${whole}`;
}
