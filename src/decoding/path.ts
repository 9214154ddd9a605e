import { addCoverage, coverageOf } from "./cross-attention.ts";
import type { AttentionStep, Hypothesis } from "./hypothesis.ts";
import type { LengthPenalty } from "./length-penalty.ts";
import type { RowScores } from "./stepper.ts";

/** A hypothesis while it is being written. */
export interface Path {
  /** The row of the last step that it goes on from. */
  readonly parent: number;
  readonly tokens: readonly number[];
  readonly finished: boolean;
  /** Sum of log-probabilities, as the model gives them. */
  readonly score: number;
  /** The same as rules changed them. */
  readonly adjusted: number;
  readonly attention: readonly AttentionStep[];
  /** Attention that each position of the source got; only where coverage counts. */
  readonly coverage?: Float64Array;
}

/** A token that may come next, with the logarithm of its probability. */
export interface Choice {
  readonly token: number;
  /** As the model gives it. */
  readonly own: number;
  /** As rules changed it. */
  readonly adjusted: number;
}

/** What decides between paths, and what they keep. */
export interface Ranking {
  readonly endId: number;
  readonly penalty: LengthPenalty;
  /** β; 0 for none. */
  readonly coverage: number;
  /** Whether paths keep attention. */
  readonly attention: boolean;
}

/** A sentence that is to be written, and how long it may be. */
export interface SentenceLimits {
  /** Its number: that of its source, or, of those that joined later, from there on. */
  readonly sentence: number;
  /** The fewest tokens, `<end>` included. */
  readonly least: number;
  /** The most tokens, `<end>` included. */
  readonly most: number;
}

/** A search for the best ways to write one sentence. */
export interface SentenceSearch {
  /** What goes on: a row of the next step for each. */
  readonly live: readonly Path[];
  /** What is at its end. */
  readonly finished: readonly Path[];
  /** Takes the scores of the rows of `live`. */
  advance(scores: readonly RowScores[]): void;
}

/** The path of a sentence before its first token. */
export function emptyPath(): Path {
  return { parent: 0, tokens: [], finished: false, score: 0, adjusted: 0, attention: [] };
}

/** A path with one more token. */
export function extended(
  path: Path,
  parent: number,
  { token, own, adjusted }: Choice,
  { attention }: RowScores,
  ranking: Ranking,
): Path {
  const finished = token === ranking.endId;
  return {
    parent,
    tokens: finished ? path.tokens : [...path.tokens, token],
    finished,
    score: path.score + own,
    adjusted: path.adjusted + adjusted,
    attention: ranking.attention && Object.keys(attention).length > 0 ? [...path.attention, attention] : path.attention,
    ...(ranking.coverage > 0 && { coverage: addCoverage(path.coverage, attention) }),
  };
}

/** What paths are ranked by: `adjusted / lp(length) + β · coverage`, the length with `<end>`. */
export function penalised({ tokens, finished, adjusted, coverage }: Path, ranking: Ranking): number {
  const length = tokens.length + (finished ? 1 : 0);
  const covered = coverage === undefined ? 0 : ranking.coverage * coverageOf(coverage);
  return (length === 0 ? adjusted : adjusted / ranking.penalty(length)) + covered;
}

/** Paths from the best on; of equals, the one that was there first. */
export function ranked(paths: readonly Path[], ranking: Ranking): { path: Path; penalisedScore: number }[] {
  return paths
    .map((path) => ({ path, penalisedScore: penalised(path, ranking) }))
    .sort((a, b) => b.penalisedScore - a.penalisedScore);
}

export function hypothesisOf({ path, penalisedScore }: ReturnType<typeof ranked>[number]): Hypothesis {
  const { tokens, score, finished, attention } = path;
  return { tokens, score, penalisedScore, finished, attention };
}
