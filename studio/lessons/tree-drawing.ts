import type { Branch, Searched } from "./branching.ts";

interface Place {
  /** Column, from 0. */
  readonly place: number;
  /** Lane, from 0. */
  readonly row: number;
}

/** A word of a tree with its place. */
export interface DrawnNode extends Place {
  readonly id: number;
  readonly word: string;
  readonly p: number;
  /** Whether it is of the best sentence. */
  readonly best: boolean;
  /** Whether it was seen and not followed. */
  readonly cut: boolean;
  readonly from: (Place & { readonly letters: number }) | undefined;
}

export interface DrawnTree {
  readonly nodes: readonly DrawnNode[];
  readonly lanes: number;
  readonly steps: number;
  /** Sentences, best first, with their lanes. */
  readonly scores: readonly { readonly row: number; readonly p: number }[];
}

/** Cut words less likely than this are not drawn, and no more than so many. */
const [LEAST_CUT, MOST_CUTS] = [0.15, 2];

/**
 * Where the words of a search are drawn: a lane a sentence, the best on top; words that sentences share are drawn once,
 * in the lane of the better one. Under them lanes of likely words that were cut.
 */
export function treeOf(branches: readonly Branch[], { ways, cut }: Searched): DrawnTree {
  const placed = new Map<number, DrawnNode>();
  const fromOf = (id: number) => {
    const up = placed.get(branches[id][0]);
    return up && { place: up.place, row: up.row, letters: up.word.length };
  };
  const depthOf = (id: number) => 1 + (placed.get(branches[id][0])?.place ?? -1);
  const put = (id: number, spot: Place, kind: { best: boolean; cut: boolean }) => {
    const [, word, p] = branches[id];
    placed.set(id, { id, word, p, ...spot, ...kind, from: fromOf(id) });
  };
  ways.forEach((way, row) => {
    way.branches.forEach((id, place) => {
      if (!placed.has(id)) put(id, { place, row }, { best: row === 0, cut: false });
    });
  });
  const cuts = cut
    .filter((id) => branches[id][2] >= LEAST_CUT && (branches[id][0] === -1 || placed.has(branches[id][0])))
    .sort((a, b) => branches[b][2] - branches[a][2])
    .slice(0, MOST_CUTS)
    // The later ones on top, so that no branch runs through a word.
    .sort((a, b) => depthOf(b) - depthOf(a));
  cuts.forEach((id, i) => {
    const up = placed.get(branches[id][0]);
    put(id, { place: up ? up.place + 1 : 0, row: ways.length + i }, { best: false, cut: true });
  });
  return {
    nodes: [...placed.values()],
    lanes: ways.length + cuts.length,
    steps: Math.max(...ways.map((way) => way.branches.length)),
    scores: ways.map(({ p }, row) => ({ row, p })),
  };
}
