import { dot } from "./shares.ts";

export type Vector = readonly [x: number, y: number];

/** The weights of Bahdanau's score `vᵀ tanh(W₁k + W₂q)` on a plane, a row a unit. */
export interface BahdanauWeights {
  readonly keyWeight: readonly (readonly number[])[];
  readonly keyBias: readonly number[];
  readonly queryWeight: readonly (readonly number[])[];
  readonly queryBias: readonly number[];
  readonly scoring: readonly number[];
}

/** What a query would give a key, by its place on the plane. */
export type Score = (query: Vector, key: Vector) => number;

export const dotScore: Score = dot;

/** Bahdanau et al. 2015, §A.1.2. */
export function bahdanauScore(weights: BahdanauWeights): Score {
  const { keyWeight, keyBias, queryWeight, queryBias, scoring } = weights;
  return (query, key) =>
    scoring.reduce(
      (sum, v, unit) =>
        sum +
        v * Math.tanh(dot(queryWeight[unit], query) + queryBias[unit] + dot(keyWeight[unit], key) + keyBias[unit]),
      0,
    );
}

/** The score of a key at every place of the square from −1 to 1: row after row from the top, `side` by `side`. */
export function scoreField(score: Score, query: Vector, side: number): number[] {
  const at = (i: number) => (2 * (i + 0.5)) / side - 1;
  return Array.from({ length: side * side }, (_, i) => score(query, [at(i % side), -at(Math.floor(i / side))]));
}
