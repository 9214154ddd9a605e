import { textWidth } from "../../src/charts/text-block.ts";
import type { BeamEvent, BeamNode, NBest } from "../../src/studio/wire.ts";

/** A node at its place; `y` is the middle of its text. */
export interface PlacedNode {
  readonly node: BeamNode;
  readonly text: string;
  readonly column: number;
  readonly lane: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Whether the search gave it up here. */
  readonly cut: boolean;
  /** Its place in {@link TreeLayout.nodes}; absent of the first. */
  readonly parent?: number;
}

/** The end of a lane, with what the search ranks it by: the log-probability of its tokens, longer answers weighed. */
export interface LaneEnd {
  readonly lane: number;
  readonly y: number;
  readonly score: number;
}

export interface TreeLayout {
  readonly nodes: readonly PlacedNode[];
  readonly ends: readonly LaneEnd[];
  readonly width: number;
  readonly height: number;
}

export interface TreeOptions {
  readonly steps: readonly BeamEvent[];
  /** The answers that were found; until they are, lanes are the paths that are still followed. */
  readonly nbest?: readonly NBest[];
  readonly nameOf: (node: BeamNode) => string;
}

/** Of letters that may be bold. */
const FONT = { size: 14.3 };
/** Room above the first lane, more of it for words that were cut; height of a lane, least width of a step, room between words. */
const [ABOVE, CUT, LANE, STEP, GAP] = [12, 24, 38, 64, 36];
const EDGE = 8;

/** Lays out a beam search from left to right: a lane for each path that was kept, and above it the best word cut. */
export function layoutTree({ steps, nbest, nameOf }: TreeOptions): TreeLayout {
  const all = new Map(steps.flatMap(({ nodes }) => nodes.map((node) => [node.n, node] as const)));
  const leaves = leavesOf(steps, nbest);
  const paths = leaves.map(({ node }) => pathTo(node, all));

  const nodes: Omit<PlacedNode, "x" | "y">[] = [];
  const placeOf = new Map<number, number>();
  const add = (node: BeamNode, column: number, lane: number, cut: boolean) => {
    const text = nameOf(node);
    placeOf.set(node.n, nodes.length);
    nodes.push({ node, text, column, lane, width: textWidth(text, FONT), cut, parent: placeOf.get(node.up) });
  };
  paths.forEach((path, lane) => {
    path.forEach((node, column) => {
      if (!placeOf.has(node.n)) add(node, column, lane, false);
    });
  });
  // Of the words given up after the best path, the likeliest at each step.
  const best = new Set([0, ...(paths[0]?.map(({ n }) => n) ?? [])]);
  steps.forEach(({ nodes }, column) => {
    const given = nodes.filter(({ n, up, kept }) => !kept && !placeOf.has(n) && best.has(up));
    const [likeliest] = given.sort((a, b) => b.p - a.p);
    if (likeliest && likeliest.p >= 0.01) add(likeliest, column, 0, true);
  });

  const columns = Math.max(0, ...paths.map((path) => path.length));
  const left = [EDGE];
  for (let column = 0; column < columns; column++) {
    const widest = Math.max(0, ...nodes.filter((node) => node.column === column).map(({ width }) => width));
    left.push(left[column] + Math.max(STEP, widest + GAP));
  }
  const top = nodes.some(({ cut }) => cut) ? ABOVE + CUT : ABOVE;
  const yOf = (lane: number) => top + LANE * lane;
  return {
    nodes: nodes.map((node) => ({ ...node, x: left[node.column], y: node.cut ? top - CUT : yOf(node.lane) })),
    ends: leaves.map(({ score }, lane) => ({ lane, y: yOf(lane), score })),
    width: left[columns],
    height: top + LANE * Math.max(1, paths.length) - 8,
  };
}

/** The last nodes of paths, best first. */
function leavesOf(steps: readonly BeamEvent[], nbest: readonly NBest[] | undefined): { node: number; score: number }[] {
  if (nbest) return nbest.filter(({ node }) => node > 0);
  const followed = steps.at(-1)?.nodes.filter(({ kept }) => kept) ?? [];
  return followed.map(({ n, score }) => ({ node: n, score })).sort((a, b) => b.score - a.score);
}

function pathTo(leaf: number, all: ReadonlyMap<number, BeamNode>): BeamNode[] {
  const path: BeamNode[] = [];
  for (let node = all.get(leaf); node; node = all.get(node.up)) path.unshift(node);
  return path;
}

/** The path of the line from a node to the one after it. */
export function edgeOf(from: PlacedNode, to: PlacedNode): string {
  const [x0, x1] = [from.x + from.width + 6, to.x - 6];
  if (from.y === to.y) return `M${x0} ${from.y}H${x1}`;
  const bend = Math.min(30, (x1 - x0) / 2);
  return `M${x0} ${from.y}C${x0 + bend} ${from.y} ${x1 - bend} ${to.y} ${x1} ${to.y}`;
}
