/** Length penalties by name. */
export type LengthPenaltyName = "wu" | "average";

/** What α is where none is given: the value of the paper, and a plain mean. */
const USUAL_ALPHA: Readonly<Record<LengthPenaltyName, number>> = { wu: 0.6, average: 1 };

/** What a score is divided by, of a hypothesis of `length` tokens with `<end>`. */
export type LengthPenalty = (length: number) => number;

/**
 * The length penalty of a name: `wu` is `((5 + n) / 6)^α` (Wu et al. 2016, §7), `average` is `n^α`; without a name it
 * is 1. It never falls as n grows, since α is not negative.
 */
export function lengthPenalty(name?: LengthPenaltyName, alpha = name && USUAL_ALPHA[name]): LengthPenalty {
  if (name === undefined || alpha === undefined) return () => 1;
  return name === "wu" ? (n) => ((5 + n) / 6) ** alpha : (n) => n ** alpha;
}
