import { softmax } from "./shares.ts";

/** A row of scores, and how many of its columns may be looked at: the others are padding, or still to be written. */
export interface MaskedRow {
  readonly scores: readonly number[];
  readonly allowed: number;
}

/** Shares when a number is added to the scores of what is masked; −∞ is the mask itself. */
export function maskedShares({ scores, allowed }: MaskedRow, added = Number.NEGATIVE_INFINITY): number[] {
  return softmax(scores.map((score, column) => (column < allowed ? score : score + added)));
}

/** The part of the shares that goes to what should not be seen. */
export function leaked(shares: readonly number[], allowed: number): number {
  return shares.slice(allowed).reduce((sum, share) => sum + share, 0);
}
