import { BeamSearch } from "../../src/decoding/beam.ts";
import { Chooser } from "../../src/decoding/choices.ts";
import type { Path } from "../../src/decoding/path.ts";
import type { RowScores } from "../../src/decoding/stepper.ts";

/** A word after other words: the place of the branch before it in the list (−1 for none), its text, its probability. */
export type Branch = readonly [up: number, word: string, p: number];

/** A way to the end of a sentence: its branches in order, and its probability. */
export interface Way {
  readonly branches: readonly number[];
  readonly p: number;
}

/** What a search came to. */
export interface Searched {
  /** Sentences that were found, best first, at most as many as the beam is wide. */
  readonly ways: readonly Way[];
  /** Branches that were seen and not followed. */
  readonly cut: readonly number[];
}

const END = "<end>";

/** Jumok's own beam search over branches that a model has grown. */
export function searched(branches: readonly Branch[], beam: number): Searched {
  const after = new Map<number, number[]>();
  branches.forEach(([up], i) => {
    after.set(up, [...(after.get(up) ?? []), i]);
  });
  const endId = branches.length;
  const tokenOf = (branch: number) => (branches[branch][1] === END ? endId : branch);
  const nextOf = (path: Path) =>
    [...(after.get(path.tokens.at(-1) ?? -1) ?? [])].sort((a, b) => branches[b][2] - branches[a][2]);
  const scoresAfter = (path: Path): RowScores => {
    const next = nextOf(path);
    return {
      tokens: Int32Array.from(next, tokenOf),
      logProbabilities: Float32Array.from(next, (branch) => Math.log(branches[branch][2])),
      attention: {},
    };
  };
  const ranking = { endId, penalty: () => 1, coverage: 0, attention: false };
  const search = new BeamSearch(new Chooser([], endId + 1), { ...ranking, sentence: 0, beam, least: 1, most: 32 });
  const seen = new Set<number>();
  while (search.live.length > 0) {
    for (const path of search.live) for (const branch of nextOf(path)) seen.add(branch);
    search.advance(search.live.map(scoresAfter));
  }
  const ways = [...search.finished]
    .filter(({ finished }) => finished)
    .sort((a, b) => b.score - a.score)
    .slice(0, beam)
    .map(({ tokens, score }) => ({ branches: tokens, p: Math.exp(score) }));
  const followed = new Set(ways.flatMap((way) => way.branches));
  const cut = [...seen].filter((branch) => !followed.has(branch) && branches[branch][1] !== END);
  return { ways, cut };
}
