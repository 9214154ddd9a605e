import { largest } from "../decoding/choices.ts";
import { lastCross, meanOverHeads } from "../decoding/cross-attention.ts";
import type { Path } from "../decoding/path.ts";
import type { RowScores } from "../decoding/stepper.ts";
import type { WatchedStep } from "./watched-search.ts";

/** A token after a path of the search. */
export interface TreeNode {
  /** From 1. */
  readonly n: number;
  readonly up: TreeNode | undefined;
  readonly id: number;
  /** Natural logarithm of its probability, and the sum of those from the first token on. */
  readonly logp: number;
  readonly score: number;
  /** Whether its path went on or ended here. */
  readonly kept: boolean;
  /** What the model said at this place. */
  readonly said: Said;
}

/** What a model said at a place of its answer. */
export interface Said {
  /** The likeliest tokens with the natural logarithms of their probabilities. */
  readonly top: readonly (readonly [id: number, logp: number])[];
  /** Attention to the source, the mean over the heads of the last layer; absent where there is none. */
  readonly look?: readonly number[];
}

/** The paths of a search as a tree. */
export class SearchTree {
  readonly #nodes = new Map<Path, TreeNode>();
  readonly #endId: number;
  readonly #told: number;
  readonly #shown: number;
  #count = 0;

  /**
   * @param options.told how many of the likeliest tokens each place tells
   * @param options.shown how many nodes a step has at most, those that are kept aside
   */
  constructor({ endId, told, shown }: { endId: number; told: number; shown: number }) {
    this.#endId = endId;
    this.#told = told;
    this.#shown = shown;
  }

  /** Takes a step of the search, and tells its nodes, best first. */
  grow({ before, scores, live, finished }: WatchedStep): TreeNode[] {
    const said = scores.map((row) => saidIn(row, this.#told));
    const kept = new Set<string>();
    const nodes: TreeNode[] = [];
    for (const path of [...live, ...finished]) {
      // A path that was cut off has no new token.
      if (this.#nodes.has(path) || before.includes(path)) continue;
      const up = before[path.parent];
      const id = path.finished ? this.#endId : path.tokens[path.tokens.length - 1];
      kept.add(`${path.parent} ${id}`);
      const logp = path.score - up.score;
      const node = this.#node({ up, id, logp, score: path.score, kept: true, said: said[path.parent] });
      this.#nodes.set(path, node);
      nodes.push(node);
    }
    const cut = said
      .flatMap(({ top }, row) => top.map(([id, logp]) => ({ row, id, logp, score: before[row].score + logp })))
      .filter(({ row, id }) => !kept.has(`${row} ${id}`))
      .sort((a, b) => b.score - a.score)
      .slice(0, Math.max(0, this.#shown - nodes.length));
    for (const { row, ...one } of cut)
      nodes.push(this.#node({ up: before[row], ...one, kept: false, said: said[row] }));
    return nodes.sort((a, b) => b.score - a.score);
  }

  /** The nodes of a path, from the first token on. */
  nodesOf(path: Path): TreeNode[] {
    const nodes: TreeNode[] = [];
    for (let node = this.#nodes.get(path); node !== undefined; node = node.up) nodes.unshift(node);
    return nodes;
  }

  #node({ up, ...node }: Omit<TreeNode, "n" | "up"> & { up: Path }): TreeNode {
    this.#count++;
    return { n: this.#count, up: this.#nodes.get(up), ...node };
  }
}

function saidIn({ tokens, logProbabilities, attention }: RowScores, told: number): Said {
  const name = lastCross(Object.keys(attention));
  return {
    top: largest(logProbabilities, told).map((at) => [tokens?.[at] ?? at, logProbabilities[at]]),
    ...(name !== undefined && { look: meanOverHeads(attention[name]) }),
  };
}
