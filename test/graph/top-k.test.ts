import { describe, expect, it } from "vitest";
import { input } from "../../src/graph/source.ts";
import { topK } from "../../src/graph/top-k.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats, integers } from "../../src/runtime/value.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const x = input("x", "float32", ["rows", 5]);
const values = floats([2, 5], Float32Array.of(1, 3, 2, 3, 0, -1, -1, -5, -1, -2));

describe("topK", () => {
  it("gives the largest first, and of equals the first", async () => {
    const program = await Program.compile(await testEngine(), { ...topK(x, 3) });
    const largest = await program.run({ x: values });
    expect([...largest.values.data]).toEqual([3, 3, 2, -1, -1, -1]);
    expect(largest.positions).toEqual(integers([2, 3], Int32Array.of(1, 3, 2, 0, 1, 3)));
    await program.release();
  });

  it("gives as many as a tensor has elements, another number each run", async () => {
    const program = await Program.compile(await testEngine(), { ...topK(x, input("ranks", "int32", ["ranks"])) });
    const positions = async (k: number) =>
      (await program.run({ x: values, ranks: integers([k], new Int32Array(k)) })).positions;
    expect(await positions(1)).toEqual(integers([2, 1], Int32Array.of(1, 0)));
    expect(await positions(5)).toEqual(integers([2, 5], Int32Array.of(1, 3, 2, 0, 4, 0, 1, 3, 4, 2)));
    await program.release();
  });

  it("refuses more than there are", () => {
    expect(() => topK(x, 6)).toThrow("topK: the last axis has no 6 elements; x is float32[rows, 5]");
    expect(() => topK(x, 0)).toThrow("topK: the last axis has no 0 elements");
  });
});
