import { describe, expect, it } from "vitest";
import type { BeamEvent, BeamNode, NBest } from "../../src/studio/wire.ts";
import { edgeOf, layoutTree } from "../../studio/talk/tree-layout.ts";

const node = (n: number, up: number, t: string, p: number, kept = true): BeamNode => ({
  n,
  up,
  t,
  id: n,
  p,
  score: -n,
  kept,
});
const steps: BeamEvent[] = [
  {
    type: "beam",
    step: 1,
    nodes: [node(1, 0, "I", 0.9), node(2, 0, "Yesterday", 0.05), node(3, 0, "We", 0.02, false)],
  },
  {
    type: "beam",
    step: 2,
    nodes: [
      node(4, 1, "read", 0.8),
      node(5, 1, "saw", 0.1),
      node(6, 1, "lent", 0.05, false),
      node(7, 1, "x", 0.001, false),
    ],
  },
];
const found = (node: number, text: string): NBest => ({ text, score: -node / 10, logp: -1, ids: [], node });
const nbest = [found(4, "I read"), found(5, "I saw"), found(0, "none")];
const nameOf = ({ t }: BeamNode) => t;

describe("the tree of a search", () => {
  const layout = layoutTree({ steps, nbest, nameOf });
  const at = (text: string) => layout.nodes.find((one) => one.text === text)!;

  it("has a lane for each answer that was found, the best above", () => {
    expect(layout.ends.map(({ lane }) => lane)).toEqual([0, 1]);
    expect([at("I"), at("read"), at("saw")].map(({ lane, column }) => [lane, column])).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(layout.ends.map(({ score }) => score)).toEqual([-0.4, -0.5]);
  });

  it("draws what two answers share once, and parts after it", () => {
    expect(layout.nodes.filter(({ text }) => text === "I")).toHaveLength(1);
    expect(layout.nodes[at("saw").parent!].text).toBe("I");
    expect(edgeOf(at("I"), at("read"))).toMatch(/^M[\d.]+ 36H/);
    expect(edgeOf(at("I"), at("saw"))).toMatch(/C/);
  });

  it("shows the likeliest word that was given up at a step, unless it hardly had a chance", () => {
    expect(layout.nodes.filter(({ cut }) => cut).map(({ text }) => text)).toEqual(["We", "lent"]);
    expect(at("lent").y).toBeLessThan(at("read").y);
  });

  it("leaves room for words that are long", () => {
    const long = layoutTree({ steps, nbest, nameOf: ({ t }) => (t === "I" ? "internationalization" : t) });
    const [first, second] = [long.nodes[0], long.nodes.find(({ text }) => text === "read")!];
    expect(second.x).toBeGreaterThan(first.x + first.width);
  });

  it("follows the paths that are still open while the search goes on", () => {
    const open = layoutTree({ steps: steps.slice(0, 1), nameOf });
    expect(open.nodes.filter(({ cut }) => !cut).map(({ text }) => text)).toEqual(["I", "Yesterday"]);
  });

  it("has as many lanes as the widest search keeps paths", () => {
    const paths = Array.from({ length: 8 }, (_, i) => node(i + 1, 0, `word ${i}`, 0.1));
    const wide = layoutTree({ steps: [{ type: "beam", step: 1, nodes: paths }], nameOf });
    expect(wide.ends.map(({ lane }) => lane)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(wide.nodes.map(({ y }) => y)).size).toBe(8);
    expect(wide.height).toBeGreaterThan(wide.ends[7].y);
  });

  it("of no step is empty", () => {
    expect(layoutTree({ steps: [], nameOf })).toMatchObject({ nodes: [], ends: [] });
  });
});
