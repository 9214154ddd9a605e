import fc from "fast-check";
import { expect, test } from "vitest";
import { type Example, makeBatch } from "../../src/data/batches.ts";

const START = 1;
const END = 2;
const PAD = 0;

const ids = (minLength: number) => fc.array(fc.integer({ min: 0, max: 99 }), { minLength, maxLength: 12 });
const example: fc.Arbitrary<Example> = fc
  .tuple(ids(1), ids(0))
  .map(([source, target]) => ({ source: Int32Array.from(source), target: Int32Array.from([START, ...target, END]) }));

test("a batch of two, cell by cell", () => {
  const examples = [
    { source: Int32Array.of(5, 6, 7), target: Int32Array.of(START, 8, END) },
    { source: Int32Array.of(9), target: Int32Array.of(START, 10, 11, END) },
  ];
  expect(makeBatch(examples, [1, 0], PAD)).toEqual({
    size: 2,
    sourceTime: 3,
    targetTime: 3,
    sourceIds: Int32Array.of(9, PAD, PAD, 5, 6, 7),
    sourceLengths: Int32Array.of(1, 3),
    decoderInput: Int32Array.of(START, 10, 11, START, 8, PAD),
    targetLengths: Int32Array.of(3, 2),
    positions: Int32Array.of(0, 1, 2, 3, 4),
    labels: Int32Array.of(10, 11, END, 8, END),
    tokens: 5,
  });
});

test("every source and target can be had back from a batch", () => {
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 9 }), (examples) => {
      const order = Int32Array.from(examples.keys()).reverse();
      const batch = makeBatch(examples, order, PAD);
      const { size, sourceTime, targetTime, sourceLengths, targetLengths, positions, labels } = batch;
      expect(size).toBe(examples.length);
      expect(sourceTime).toBe(Math.max(...examples.map(({ source }) => source.length)));
      expect(targetTime).toBe(Math.max(...examples.map(({ target }) => target.length)) - 1);
      expect([batch.sourceIds.length, batch.decoderInput.length]).toEqual([size * sourceTime, size * targetTime]);
      expect([positions.length, labels.length]).toEqual([batch.tokens, batch.tokens]);
      for (const [row, index] of order.entries()) {
        const { source, target } = examples[index]!;
        const sourceRow = batch.sourceIds.subarray(row * sourceTime, (row + 1) * sourceTime);
        expect(sourceRow.slice(0, sourceLengths[row])).toEqual(source);
        expect(sourceRow.subarray(sourceLengths[row]).every((id) => id === PAD)).toBe(true);
        const inputRow = batch.decoderInput.subarray(row * targetTime, (row + 1) * targetTime);
        expect(inputRow.subarray(targetLengths[row]).every((id) => id === PAD)).toBe(true);
        const own = [...positions.keys()].filter((token) => Math.floor(positions[token]! / targetTime) === row);
        expect(own.map((token) => positions[token]! % targetTime)).toEqual([...Array(targetLengths[row]).keys()]);
        const rebuilt = [inputRow[0]!, ...own.map((token) => labels[token]!)];
        expect(rebuilt).toEqual([...target]);
        expect([...inputRow.slice(0, targetLengths[row])]).toEqual(rebuilt.slice(0, -1));
      }
    }),
  );
});

test("what cannot be a batch is an error", () => {
  const good = { source: Int32Array.of(3), target: Int32Array.of(START, END) };
  expect(() => makeBatch([good], [], PAD)).toThrow("makeBatch: a batch needs at least one example");
  expect(() => makeBatch([good], [1], PAD)).toThrow("makeBatch: there is no example 1");
  expect(() => makeBatch([{ ...good, source: new Int32Array() }], [0], PAD)).toThrow("the source of example 0 has no");
  expect(() => makeBatch([{ ...good, target: Int32Array.of(START) }], [0], PAD)).toThrow(
    "the target of example 0 has 1 tokens; it needs at least <start> and <end>",
  );
});
