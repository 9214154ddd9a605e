import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../src/training/version.ts";
import { type Branch, searched } from "../../studio/lessons/branching.ts";
import { headWeights } from "../../studio/lessons/head-weights.ts";
import { leaked, maskedShares } from "../../studio/lessons/masked-shares.ts";
import { attentionInOrder, byWord, largestChange, moved } from "../../studio/lessons/places.ts";
import { mean, recallOf, vectorsOf } from "../../studio/lessons/recall.ts";
import { bahdanauScore, dotScore, type Vector } from "../../studio/lessons/score-fields.ts";
import { dot, softmax } from "../../studio/lessons/shares.ts";
import { SHIPPED } from "../../studio/lessons/shipped.ts";
import { spread, wrongSteps } from "../../studio/lessons/slips.ts";
import { treeOf } from "../../studio/lessons/tree-drawing.ts";

const file = fileURLToPath(new URL("../../studio/lessons/numbers.json", import.meta.url));

/** Attention of a shipped head, `softmax(q·k / √d)`. */
function weightsOf({ q, k }: { q: number[][]; k: number[][] }): number[][] {
  return q.map((query) => softmax(k.map((key) => dot(query, key) / Math.sqrt(key.length))));
}

describe("the numbers that the page ships with", () => {
  it("are few, and say what made them", () => {
    expect(statSync(file).size).toBeLessThan(40 * 1024);
    expect(SHIPPED.made).toMatchObject({ by: "scripts/lesson-numbers.ts", jumok: VERSION, seed: 1 });
    expect(SHIPPED.made.engine).toMatch(/^onnxruntime-node /);
  });

  it("are those of one model: q, k and the weights that it was asked for agree", () => {
    const four = SHIPPED.heads.find(({ count }) => count === 4)!;
    const shape = { heads: 4, rows: SHIPPED.head.written.length, cols: SHIPPED.head.source.length };
    const asked = headWeights(four.cross, shape);
    weightsOf(SHIPPED.head.cross).forEach((row, i) => {
      row.forEach((share, j) => {
        expect(Math.abs(share - asked.row(i)[SHIPPED.head.cross.h][j])).toBeLessThan(0.02);
      });
    });
  });

  it("have a head as words and places, which put together are the same head", () => {
    const { places, head } = SHIPPED;
    expect(places.h).toBe(head.enc.h);
    const still = moved(places.words.length, 0, 0);
    expect(largestChange(attentionInOrder(places, still, true), weightsOf(head.enc))).toBeLessThan(0.02);
    const order = moved(places.words.length, 2, 4);
    const change = (encoded: boolean) =>
      largestChange(attentionInOrder(places, still, encoded), byWord(attentionInOrder(places, order, encoded), order));
    expect(change(false)).toBeLessThan(1e-12);
    expect(change(true)).toBeGreaterThan(0.05);
  });

  it("remember less through one vector the longer the sentence, and nearly all with attention", () => {
    const { recall } = SHIPPED;
    const [through, beside] = [recallOf(recall.bottleneck, 4), recallOf(recall.attention, 4)];
    for (let length = 4; length <= 40; length++) {
      expect(through(length)).toHaveLength(length);
      expect(mean(beside(length))).toBeGreaterThan(95);
    }
    const means = [4, 12, 24, 40].map((length) => mean(through(length)));
    expect(means).toEqual([...means].sort((a, b) => b - a));
    const vector = vectorsOf(recall.vectors, recall);
    expect([vector(4), vector(40)].map((cells) => cells.length)).toEqual([64, 64]);
    expect(Math.max(...vector(40).map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it("have a network that scores the nearest point highest, which a product does not", () => {
    const points: Vector[] = [-0.8, -0.4, 0, 0.4, 0.8].flatMap((x) =>
      [-0.8, -0.4, 0, 0.4, 0.8].map((y): Vector => [x, y]),
    );
    const right = (score: typeof dotScore) =>
      points.filter((query) => {
        const [best] = [...points].sort((a, b) => score(query, b) - score(query, a));
        return Math.hypot(best[0] - query[0], best[1] - query[1]) < 0.45;
      }).length;
    expect(right(bahdanauScore(SHIPPED.scores))).toBeGreaterThan(20);
    expect(right(dotScore)).toBeLessThan(15);
  });

  it("leak into padding until it is masked", () => {
    for (const { scores, real } of SHIPPED.padding.texts) {
      const leak = (added?: number) =>
        mean(scores.slice(0, real).map((row) => leaked(maskedShares({ scores: row, allowed: real }, added), real)));
      expect(leak()).toBe(0);
      if (real < scores.length) expect(leak(0)).toBeGreaterThan(0.03);
    }
  });

  it("lose the words in a deep stack without residuals, and grow without norm", () => {
    const tower = (residual: boolean, norm: boolean) =>
      SHIPPED.depth.towers.find((each) => each.residual === residual && each.norm === norm)!;
    expect(tower(false, false).apart[5]).toBeLessThan(1e-6);
    expect(tower(false, true).apart[5]).toBeLessThan(1e-4);
    expect(tower(true, false).size[23]).toBeGreaterThan(1e4);
    expect(tower(true, true).apart[23]).toBeGreaterThan(0.5);
    expect(tower(true, true).size[23]).toBeLessThan(10);
  });

  it("go wrong further when a slip is handed on, never when the right word is", () => {
    const { slips } = SHIPPED;
    const later = (rows: number[][]) => rows.map((row, slip) => spread(wrongSteps(row, slips.days), slip));
    expect(Math.max(...later(slips.taught))).toBe(0);
    expect(Math.max(...later(slips.free))).toBeGreaterThan(4);
    slips.free.forEach((row, slip) => {
      expect(row[slip]).not.toBe(slips.days[slip]);
    });
  });

  it("cost more a word in self-attention, the longer the sentence", () => {
    const { lengths, attention } = SHIPPED.costs;
    expect(lengths[0]).toBe(16);
    expect(attention[attention.length - 1]).toBeGreaterThan(4 * attention[0]);
  });
});

describe("the search over shipped branches", () => {
  const branches = SHIPPED.branches.branches as unknown as readonly Branch[];
  const text = (way: readonly number[]) => way.map((branch) => branches[branch][1]).join(" ");

  it.each(SHIPPED.branches.found.map((found, i) => [i + 1, found] as const))(
    "with a beam of %i finds what jumok found",
    (beam, { text: found, p }) => {
      const [best] = searched(branches, beam).ways;
      expect(text(best.branches)).toBe(found);
      expect(best.p).toBeCloseTo(p, 2);
    },
  );

  it("misses the likelier sentence where it is greedy", () => {
    const best = (beam: number) => searched(branches, beam).ways[0].p;
    expect(best(4)).toBeGreaterThan(1.2 * best(1));
  });

  it("is drawn with every word once, on its own place", () => {
    const { nodes, lanes } = treeOf(branches, searched(branches, 8));
    const spots = nodes.map(({ place, row }) => `${place} ${row}`);
    expect(new Set(spots).size).toBe(nodes.length);
    expect(Math.max(...nodes.map(({ row }) => row))).toBeLessThan(lanes);
    for (const { place, from } of nodes) expect(from?.place ?? -1).toBe(place - 1);
  });
});
