import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { faintLines, keptRow, linesLayout, linksOf } from "../../studio/attention/lines.ts";
import { sharesOfWords } from "../../studio/attention/looked-at.ts";
import { isLabelled, mapLayout, placeAt, spanAround, windowSize } from "../../studio/attention/map-layout.ts";
import {
  looksOf,
  maskAt,
  moved,
  partOf,
  placeAsked,
  received,
  strongest,
  ties,
  weightAt,
} from "../../studio/attention/reading.ts";
import { shadesOf } from "../../studio/attention/shades.ts";
import { mapOf, sentence } from "../explain/random-maps.ts";

function viewOf(
  kind: AttentionView["kind"],
  rows: readonly number[],
  cols: readonly number[],
  seed = 1,
): AttentionView {
  const [queries, keys] = [sentence(rows), sentence(cols)];
  return { ...mapOf(kind, 0, 1, queries, keys, seed), heads: 1, head: 0, of: 1 };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe("reading a map", () => {
  const view = viewOf("decoder", [1, 2, 1], [1, 2, 1]);

  it("ranks what a row looks at, and leaves out what it cannot see", () => {
    const looks = looksOf(view, 1);
    expect(looks.map(({ col }) => col).sort()).toEqual([0, 1]);
    expect(looks[0].weight).toBeGreaterThanOrEqual(looks[1].weight);
    expect(sum(looks.map(({ weight }) => weight))).toBeCloseTo(1, 5);
  });

  it("finds the strongest link between words, and a mark only where there is nothing else", () => {
    const marked = viewOf("cross", [1, 1], [1, 1]);
    marked.weights.set([0.3, 0.7, 0.45, 0.55]);
    expect(strongest(marked)).toEqual({ row: 0, col: 1 });
    const keys = {
      ...marked.keys,
      tokens: marked.keys.tokens.map((token, i) => (i === 1 ? { ...token, special: true } : token)),
    };
    expect(strongest({ ...marked, keys })).toEqual({ row: 1, col: 0 });
    const tokens = keys.tokens.map((token) => ({ ...token, special: true }));
    expect(strongest({ ...marked, keys: { ...keys, tokens } })).toEqual({ row: 0, col: 1 });
  });

  it("takes of a row that is asked for alone what it looks at most", () => {
    const asked = viewOf("cross", [1, 1], [1, 1, 1]);
    asked.weights.set([0.5, 0.3, 0.2, 0.1, 0.2, 0.7]);
    expect(placeAsked({ row: 1 }, asked)).toEqual({ row: 1, col: 2 });
    expect(placeAsked({ row: 1, col: 0 }, asked)).toEqual({ row: 1, col: 0 });
    expect([placeAsked({}, asked), placeAsked({ row: 2 }, asked), placeAsked({ row: 0, col: 3 }, asked)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("shares the mean of the pieces of a word between words", () => {
    const merged = viewOf("cross", [2], [1, 2]);
    merged.weights.set([0.5, 0.3, 0.2, 0.1, 0.2, 0.7]);
    for (const [rows, shares] of [
      [[0], [0.5, 0.5]],
      [
        [0, 1],
        [0.3, 0.7],
      ],
      [[], []],
    ]) {
      const told = sharesOfWords(merged, rows);
      expect(told).toHaveLength(shares.length);
      for (const [i, share] of shares.entries()) expect(told[i]).toBeCloseTo(share, 6);
    }
  });

  it("gives each column what all rows give it", () => {
    expect(sum(received(viewOf("cross", [1, 1, 1], [2, 2])))).toBeCloseTo(3, 5);
  });

  it("ties the pieces of a word", () => {
    expect(ties(sentence([1, 3, 1, 2]).tokens)).toEqual([
      { from: 1, to: 4 },
      { from: 5, to: 7 },
    ]);
  });

  it("walks by keys and stops at the edges", () => {
    const size = { rows: 3, cols: 4 };
    const go = (key: string, ctrlKey = false) => moved({ row: 1, col: 3 }, { key, ctrlKey, metaKey: false }, size);
    expect(go("ArrowRight")).toEqual({ row: 1, col: 3 });
    expect(go("ArrowUp")).toEqual({ row: 0, col: 3 });
    expect(go("Home")).toEqual({ row: 1, col: 0 });
    expect(go("Home", true)).toEqual({ row: 0, col: 0 });
    expect(go("End", true)).toEqual({ row: 2, col: 3 });
    expect(go("x")).toBeUndefined();
  });
});

describe("a part of a map", () => {
  const whole = viewOf("decoder", [1, 2, 1, 1], [1, 2, 1, 1], 3);

  it("has the weights and the masks that stand there in the whole", () => {
    const [rows, cols] = [
      { from: 1, to: 4 },
      { from: 2, to: 5 },
    ];
    const part = partOf(whole, rows, cols);
    for (let row = 0; row < 3; row++) {
      for (let col = 0; col < 3; col++) {
        const there = { row: row + 1, col: col + 2 };
        expect(weightAt(part, { row, col })).toBe(weightAt(whole, there));
        expect(maskAt(part, { row, col })).toBe(maskAt(whole, there));
      }
    }
    expect(part.keys.tokens).toEqual(whole.keys.tokens.slice(2, 5));
  });

  it("is the map itself where it has all of it", () => {
    expect(partOf(whole, { from: 0, to: 5 }, { from: 0, to: 5 })).toBe(whole);
  });
});

describe("the layout of a map", () => {
  const widths = fc.array(fc.integer({ min: 4, max: 140 }), { minLength: 1, maxLength: 60 });
  const rooms = fc.record({
    rowLabels: widths,
    colLabels: widths,
    axes: fc.constant([60]),
    width: fc.integer({ min: 280, max: 1000 }),
    height: fc.integer({ min: 300, max: 900 }),
    phone: fc.boolean(),
  });

  it("keeps labels apart, cells in proportion, and knows the cell under every point", () => {
    fc.assert(
      fc.property(rooms, fc.nat(), fc.nat(), (room, i, j) => {
        const layout = mapLayout(room);
        const { cellWidth, cellHeight, everyRow, everyCol, slant, top, left } = layout;
        expect(cellWidth).toBeLessThanOrEqual(1.35 * cellHeight + 1e-9);
        expect(cellHeight).toBeLessThanOrEqual(60);
        expect(everyRow * cellHeight).toBeGreaterThanOrEqual(14 - 1e-9);
        if (slant > 0) expect(everyCol * cellWidth).toBeGreaterThanOrEqual(15 - 1e-9);
        else for (const width of room.colLabels) expect(width).toBeLessThanOrEqual(cellWidth);
        const size = { rows: room.rowLabels.length, cols: room.colLabels.length };
        const place = { row: i % size.rows, col: j % size.cols };
        const middle = { x: left + (place.col + 0.5) * cellWidth, y: top + (place.row + 0.5) * cellHeight };
        expect(placeAt(layout, middle, size)).toEqual(place);
        expect(placeAt(layout, { x: left - 1, y: middle.y }, size)).toBeUndefined();
      }),
    );
  });

  it("always labels the row and the column that are lit, and nothing beside them where labels are thin", () => {
    expect([0, 1, 2, 3, 4, 5, 6].filter((place) => isLabelled(place, 2, 3))).toEqual([0, 3, 6]);
    expect([0, 1, 2, 3].filter((place) => isLabelled(place, 1, 2))).toEqual([0, 1, 2, 3]);
  });

  it("shows a part of a long sentence around a place", () => {
    expect(spanAround(50, 100, 32)).toEqual({ from: 34, to: 66 });
    expect(spanAround(2, 100, 32)).toEqual({ from: 0, to: 32 });
    expect(spanAround(99, 100, 32)).toEqual({ from: 68, to: 100 });
    expect(spanAround(3, 20, 32)).toEqual({ from: 0, to: 20 });
    expect(windowSize(64, { width: 800, phone: false })).toBe(64);
    expect(windowSize(65, { width: 800, phone: false })).toBe(32);
    expect(windowSize(60, { width: 350, phone: true })).toBe(12);
    expect(windowSize(11, { width: 350, phone: true })).toBe(11);
  });
});

describe("colours of a map", () => {
  it("give every row's largest weight the end of the ramp when rows are fitted, and only then", () => {
    const view = viewOf("cross", [1, 1, 1], [2, 2]);
    for (let row = 0; row < 3; row++) {
      const largest = Math.max(...view.weights.subarray(4 * row, 4 * row + 4));
      expect(shadesOf(view, { theme: "light", scale: "row" }).shade(row, largest)).toBe(1);
      expect(shadesOf(view, { theme: "light", scale: "fixed" }).shade(row, largest)).toBe(largest);
    }
  });
});

describe("lines between words", () => {
  const view = viewOf("cross", [1, 1, 1], [2, 3, 1], 7);
  const all = { mass: 1, hideMarks: false };

  it("are the fewest that hold the wanted share of a row; the rest is told", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.nat(2), (mass, row) => {
        const { kept, hidden } = linksOf(view, row, { mass, hideMarks: false });
        const held = sum(kept.map(({ weight }) => weight));
        expect(held + hidden).toBeCloseTo(1, 5);
        expect(held).toBeGreaterThanOrEqual(mass - 1e-5);
        expect(held - kept[kept.length - 1].weight).toBeLessThan(mass);
      }),
    );
    expect(linksOf(view, 0, all).kept).toHaveLength(6);
  });

  it("leave out marks, whose share is told too", () => {
    const keys = { ...view.keys, tokens: view.keys.tokens.map((token, i) => ({ ...token, special: i === 5 })) };
    const { kept, hidden } = linksOf({ ...view, keys }, 1, { mass: 1, hideMarks: true });
    expect(kept.map(({ col }) => col)).not.toContain(5);
    expect(hidden).toBeCloseTo(view.weights[6 + 5], 6);
    expect(keptRow({ ...view, keys }, 1, { mass: 1, hideMarks: true })[5]).toBe(0);
  });

  it("stand between two columns of words of unequal length", () => {
    const room = {
      rowLabels: [20, 30, 40],
      colLabels: [20, 20, 20, 20, 20, 20],
      width: 500,
      height: 400,
      phone: false,
    };
    const layout = linesLayout(room);
    expect(layout.rowY[1]).toBeCloseTo((layout.colY[0] + layout.colY[5]) / 2, 9);
    expect(layout.from).toBeLessThan(layout.to);
    const faint = faintLines([view], 1, layout, all);
    expect(new Set(faint.map(({ row }) => row))).toEqual(new Set([0, 2]));
  });
});
