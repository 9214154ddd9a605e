import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, formatAddress, parseAddress } from "../../studio/app/address.ts";

const index = fc.nat({ max: 999 });
const address: fc.Arbitrary<Address> = fc.record(
  {
    view: fc.constantFrom("talk", "attn", "train", "how"),
    model: fc.string({ minLength: 1 }),
    example: fc.string({ minLength: 1 }),
    text: fc.string({ minLength: 1, unit: "grapheme" }),
    beam: fc.integer({ min: 1, max: 8 }),
    lenPenalty: fc.integer({ min: 0, max: 15 }).map((tenths) => tenths / 10),
    force: fc.array(index, { minLength: 1, maxLength: 5 }),
    kind: fc.constantFrom("cross", "enc", "dec", "align"),
    layer: index,
    head: index,
    row: index,
    col: index,
    aggregate: fc.constantFrom("one", "mean", "max", "roll"),
    unit: fc.constantFrom("piece", "word"),
    show: fc.constantFrom("map", "lines"),
    scale: fc.constantFrom("fixed", "row"),
    mass: fc.integer({ min: 0, max: 100 }),
    marks: fc.constant("hidden" as const),
    step: index,
    hide: fc.array(fc.constantFrom("nav", "calc", "occ"), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["view"] },
);

describe("an address", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
  });

  it("counts from 1 where people see it, from 0 inside", () => {
    expect(parseAddress("#attn?kind=cross&l=3&h=2&i=2&j=8")).toEqual({
      view: "attn",
      kind: "cross",
      layer: 2,
      head: 1,
      row: 1,
      col: 7,
    });
  });

  it("names a screen of How it works", () => {
    expect(parseAddress("#how/5")).toEqual({ view: "how", lesson: 5 });
    expect(formatAddress({ view: "how", lesson: 5 })).toBe("#how/5");
  });

  it.each(["", "#", "#nowhere", "#talk?l=0&h=-1&kind=none&beam=x&force=1..2&penalty=9999&mass=101&marks=seen"])(
    "%j is the conversation",
    (hash) => {
      expect(parseAddress(hash)).toEqual({ view: "talk" });
    },
  );
});
