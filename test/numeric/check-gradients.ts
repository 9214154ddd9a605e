import { expect } from "vitest";
import { sum } from "../../src/graph/broadcast.ts";
import { differentiate } from "../../src/graph/differentiate.ts";
import { evaluate, type Shape } from "../../src/graph/dimension.ts";
import { add, multiply } from "../../src/graph/elementwise.ts";
import { input } from "../../src/graph/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { Random } from "../../src/random/random.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { Program } from "../../src/runtime/program.ts";
import { floats, type Value } from "../../src/runtime/value.ts";

let engine: Promise<Engine> | undefined;

/** One engine for all tests of a file. */
export function testEngine(): Promise<Engine> {
  engine ??= openEngine();
  return engine;
}

export interface CheckOptions {
  /** 1: gradients; 2: gradients of gradients too. Default: 2. */
  order?: 1 | 2;
  /** Lengths of named dimensions. */
  lengths?: Readonly<Record<string, number>>;
  /** Further inputs that are not differentiated, such as indices. */
  feeds?: Readonly<Record<string, Value>>;
  /** Where to take the inputs from. Default: normal. */
  sample?: (random: Random) => number;
}

/**
 * Compares the gradients of `f` with central differences along random directions, through the real engine.
 *
 * The scalar is `Σ f(x)·c` with a random c; for second order it is `Σ gradient·c′`.
 */
export async function checkGradients(
  f: (...inputs: Tensor[]) => Tensor,
  shapes: readonly Shape[],
  options: CheckOptions = {},
): Promise<void> {
  const random = Random.of(5, "gradients");
  const lengths = new Map(Object.entries(options.lengths ?? {}));
  const inputs = shapes.map((shape, i) => input(`x${i}`, "float32", shape));
  const feeds: Record<string, Value> = { ...options.feeds };
  const draw = (name: string, shape: Shape, sample: (random: Random) => number) => {
    const known = shape.map((length) => evaluate(length, lengths));
    const size = known.reduce((a, b) => a * b, 1);
    feeds[name] = floats(
      known,
      Float32Array.from({ length: size }, () => sample(random)),
    );
  };
  const normal = (r: Random) => r.normal();
  shapes.forEach((shape, i) => {
    draw(`x${i}`, shape, options.sample ?? normal);
  });
  const weighted = (x: Tensor, name: string) => {
    draw(name, x.shape, normal);
    return sum(multiply(x, input(name, "float32", x.shape)));
  };

  const first = weighted(f(...inputs), "c");
  await compare(first, inputs, feeds, random);
  if (options.order === 1) return;
  const gradients = differentiate(first, inputs).filter((gradient) => gradient !== undefined);
  const second = gradients.map((gradient, i) => weighted(gradient, `d${i}`)).reduce(add);
  await compare(second, inputs, feeds, random);
}

async function compare(loss: Tensor, inputs: Tensor[], feeds: Record<string, Value>, random: Random): Promise<void> {
  const gradients = differentiate(loss, inputs);
  const outputs: Record<string, Tensor> = { loss };
  gradients.forEach((gradient, i) => {
    if (gradient !== undefined) outputs[`g${i}`] = gradient;
  });
  const program = await Program.compile(await testEngine(), outputs);
  const result = await program.run(feeds);
  for (let i = 0; i < inputs.length; i++) {
    const x = feeds[`x${i}`] as Value<"float32">;
    const gradient = result[`g${i}`]?.data as Float32Array | undefined;
    for (let trial = 0; trial < 3; trial++) {
      const direction = Float32Array.from(x.data, () => random.normal());
      const norm = Math.hypot(...direction);
      const at = async (distance: number) => {
        const moved = floats(
          x.shape,
          x.data.map((value, j) => value + (distance * direction[j]) / norm),
        );
        return Number((await program.run({ ...feeds, [`x${i}`]: moved })).loss.data[0]);
      };
      // Two step sizes, extrapolated, leave an error of order h⁴.
      const h = 0.02;
      const slope = async (step: number) => ((await at(step)) - (await at(-step))) / (2 * step);
      const numeric = (4 * (await slope(h)) - (await slope(2 * h))) / 3;
      const exact = gradient?.reduce((total, value, j) => total + (value * direction[j]) / norm, 0) ?? 0;
      const size = Math.abs(Number(result.loss.data[0])) + Math.hypot(...(gradient ?? [0])) + 0.1;
      expect(Math.abs(numeric - exact) / size, `input ${i}: by differences ${numeric}, by rule ${exact}`).toBeLessThan(
        1e-3,
      );
    }
  }
  await program.release();
}
