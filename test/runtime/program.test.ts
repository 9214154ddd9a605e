import { expect, test } from "vitest";
import { add } from "../../src/graph/elementwise.ts";
import { input } from "../../src/graph/source.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats } from "../../src/runtime/value.ts";

test.each(["cpu", "wasm"] as const)("an output is written where it was asked for: %s", async (device) => {
  const engine = await openEngine({ device, threads: 1 });
  const x = input("x", "float32", ["n"]);
  const program = await Program.compile(engine, { twice: add(x, x) });
  const twice = floats([3], new Float32Array(3));
  for (const step of [1, 10]) {
    const { twice: told } = await program.run({ x: floats([3], Float32Array.of(step, 2, 3)) }, { twice });
    expect(told).toBe(twice);
    expect([...twice.data]).toEqual([2 * step, 4, 6]);
  }
});
