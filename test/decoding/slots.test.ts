import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Allocate, moveRows, takeRows } from "../../src/decoding/rows.ts";
import { Slots } from "../../src/decoding/slots.ts";
import { integers } from "../../src/runtime/value.ts";

describe("rows of a batch", () => {
  it("stand where a plain gather of rows would put them, after any steps", () => {
    const drawn = fc.array(fc.nat(), { minLength: 1, maxLength: 9 });
    const steps = fc.array(fc.record({ drawn, more: fc.nat({ max: 2 }) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), steps, (first, draws) => {
        let sentences = first;
        const slots = new Slots(sentences);
        // Two numbers a row: its sentence, and a mark of its own that every step adds to.
        let plain = Array.from({ length: sentences }, (_, i) => [i, i]);
        let batch = integers([sentences, 2], Int32Array.from(plain.flat()));
        for (const [step, { drawn, more }] of draws.entries()) {
          const joining = Array.from({ length: more }, (_, i) => [sentences + i, sentences + i]);
          sentences += more;
          plain.push(...joining);
          const parents = drawn.map((number) => number % plain.length).sort((a, b) => plain[a][0] - plain[b][0]);
          const { slots: places, regrouped, sources } = slots.arrange(parents, more);
          if (more > 0) expect(regrouped).toBe(true);
          if (regrouped) batch = takeRows([batch, integers([more, 2], Int32Array.from(joining.flat()))], sources);
          else moveRows(batch, sources);
          plain = parents.map((parent, row) => [plain[parent][0], plain[parent][1] * 31 + step + row]);
          expect(places).toHaveLength(plain.length);
          expect(new Set(places).size).toBe(places.length);
          for (const [row, slot] of places.entries()) {
            expect(batch.data[2 * slot]).toBe(plain[row][0]);
            batch.data[2 * slot + 1] = (batch.data[2 * slot + 1] * 31 + step + row) | 0;
            expect(batch.data[2 * slot + 1]).toBe(plain[row][1] | 0);
            plain[row][1] = batch.data[2 * slot + 1];
          }
        }
      }),
    );
  });

  it("may be made longer or shorter, at either end", () => {
    const value = integers([2, 3, 1], Int32Array.of(1, 2, 3, 4, 5, 6));
    const changed = (length: number, kept: "first" | "last", rows = [0, 1]) => {
      // Memory that was used before.
      const used = (shape: readonly number[]) => new Int32Array(shape.reduce((a, b) => a * b)).fill(9);
      const allocate: Allocate = (_, shape) => integers(shape, used(shape)) as never;
      const { shape, data } = takeRows([value], rows, { along: { axis: 1, length, kept }, allocate });
      expect(shape).toEqual([rows.length, length, 1]);
      return [...data];
    };
    expect(changed(4, "first")).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
    expect(changed(4, "last")).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
    expect(changed(2, "first")).toEqual([1, 2, 4, 5]);
    expect(changed(2, "last")).toEqual([2, 3, 5, 6]);
    expect(changed(3, "last", [1, 0, 1])).toEqual([4, 5, 6, 1, 2, 3, 4, 5, 6]);
    const empty = integers([1, 0, 1], new Int32Array());
    const both = takeRows([value, empty], [2, 1], { along: { axis: 1, length: 2, kept: "last" } });
    expect([...both.data]).toEqual([0, 0, 5, 6]);
  });

  it("move in place where they can, and leave a batch that is mostly idle", () => {
    const slots = new Slots(2);
    expect(slots.arrange([0, 0, 1, 1])).toMatchObject({ regrouped: true, sources: [0, 0, 1, 1] });
    expect(slots.arrange([0, 1, 2, 3])).toMatchObject({ regrouped: false, sources: [0, 1, 2, 3] });
    expect(slots.arrange([1, 1, 2, 3])).toEqual({ regrouped: false, slots: [1, 0, 2, 3], sources: [1, 1, 2, 3] });
    expect(slots.arrange([0, 1])).toMatchObject({ regrouped: true, sources: [1, 0] });
    const many = new Slots(8);
    expect(many.arrange([0, 1, 2, 4, 5, 6, 7])).toMatchObject({ regrouped: false, slots: [0, 1, 2, 4, 5, 6, 7] });
    expect(many.arrange([0, 1, 2, 3, 4, 5])).toMatchObject({ regrouped: true, sources: [0, 1, 2, 4, 5, 6] });
  });
});
