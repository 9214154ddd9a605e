import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Exhibit } from "../../src/studio/exhibit.ts";
import { Exhibition } from "../../src/studio/exhibition.ts";
import { jmk1 } from "../../src/studio/jmk1.ts";
import { u8sqrt } from "../../src/studio/u8-sqrt.ts";
import type { AttentionHeader } from "../../src/studio/wire.ts";

const header: AttentionHeader = {
  kind: "cross",
  layers: 1,
  heads: 1,
  rows: 1,
  cols: 1,
  rowTok: "tgt",
  colTok: "src",
  dtype: "u8sqrt",
  causal: false,
  toks: {},
  words: {},
  entropy: [0],
};

it("a file begins with its kind and length, and its weights at a multiple of 4, whatever words it has", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.uint8Array(), (words, weights) => {
      const told = { ...header, words: { src: words } };
      const file = jmk1(told, weights);
      const length = new DataView(file.buffer).getUint32(4, true);
      expect(new TextDecoder().decode(file.subarray(0, 4))).toBe("JMK1");
      expect((8 + length) % 4).toBe(0);
      expect(file).toHaveLength(8 + length + weights.length);
      expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual(told);
      expect(file.subarray(8 + length)).toEqual(weights);
    }),
  );
});

it("a share in one byte is read back as it was, but for 0.004, and nothing and all exactly", () => {
  fc.assert(
    fc.property(fc.float({ min: 0, max: 1, noNaN: true }), (share) => {
      const [byte] = u8sqrt([share]);
      expect(Math.abs((byte / 255) ** 2 - share)).toBeLessThan(0.004);
    }),
  );
  expect([...u8sqrt([0, 1])]).toEqual([0, 255]);
});

describe("what is kept of what was looked at", () => {
  const exhibit = (floats: number): Exhibit => ({
    reading: { source: [], target: [], search: {} },
    axes: {},
    stacks: [
      {
        kind: "align",
        layers: 1,
        heads: 1,
        rowTok: "tgt",
        colTok: "src",
        causal: false,
        weights: new Float32Array(floats),
      },
    ],
  });

  it("is what was asked for last, within the bytes that it may have", () => {
    const kept = new Exhibition(30_000);
    kept.put("a", exhibit(1000));
    kept.put("b", exhibit(1000));
    kept.put("c", exhibit(1000));
    kept.get("a");
    kept.put("d", exhibit(1000));
    expect(() => kept.get("b")).toThrow(/not kept any more/);
    for (const name of ["a", "c", "d"]) expect(kept.get(name).stacks).toHaveLength(1);
    kept.put("large", exhibit(100_000));
    expect(kept.head("large", "align", 0, 0)).toHaveLength(100_000);
    for (const name of ["a", "c", "d"]) expect(() => kept.get(name)).toThrow();
    kept.put("e", exhibit(10));
    expect(() => kept.get("large")).toThrow();
    expect(kept.get("e")).toBeDefined();
  });
});
