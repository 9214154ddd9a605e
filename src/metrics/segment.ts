/** What a hypothesis is compared with: one reference, or several of which each is right. */
export type References = string | readonly string[];

/** A hypothesis and its references. */
export interface Segment {
  readonly hypothesis: string;
  readonly references: readonly string[];
}

/**
 * Puts each hypothesis beside its references.
 *
 * @throws Error if there are no hypotheses, if the counts differ, or if a hypothesis has no reference
 */
export function pairSegments(
  metric: string,
  hypotheses: readonly string[],
  references: readonly References[],
): Segment[] {
  if (hypotheses.length !== references.length) {
    throw new Error(
      `${metric}: ${hypotheses.length} hypotheses, but references for ${references.length}; give each hypothesis its reference, or a list of its references`,
    );
  }
  if (hypotheses.length === 0) throw new Error(`${metric}: there are no hypotheses`);
  return hypotheses.map((hypothesis, index) => {
    const own = references[index]!;
    if (own.length === 0 && typeof own !== "string") {
      throw new Error(`${metric}: hypothesis ${index + 1} of ${hypotheses.length} has no reference`);
    }
    return { hypothesis, references: typeof own === "string" ? [own] : own };
  });
}
