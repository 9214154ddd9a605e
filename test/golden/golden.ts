import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { decodeSafeTensors } from "../../src/formats/safetensors.ts";
import type { Module } from "../../src/nn/module.ts";
import { FlatValues, Layout } from "../../src/runtime/parameters.ts";
import { floats, integers, type Value } from "../../src/runtime/value.ts";

const folder = process.env.JUMOK_GOLDEN ?? fileURLToPath(new URL(".", import.meta.url));

/** A case of reference values written by generate.py. */
export class Golden {
  readonly settings: Record<string, number>;
  readonly #tensors: ReadonlyMap<string, Value>;

  constructor(name: string) {
    const file = join(folder, `${name}.safetensors`);
    const { tensors, metadata } = decodeSafeTensors(readFileSync(file), file);
    this.#tensors = tensors;
    this.settings = JSON.parse(metadata.settings) as Record<string, number>;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  floats(name: string): Value<"float32"> {
    const { shape, data } = this.#get(name);
    return floats(shape, Float32Array.from(data as Float32Array));
  }

  integers(name: string): Value<"int32"> {
    const { shape, data } = this.#get(name);
    return integers(shape, Int32Array.from(data as BigInt64Array, Number));
  }

  bools(name: string): Value<"bool"> {
    const { shape, data } = this.#get(name);
    return { dtype: "bool", shape, data: data as Uint8Array };
  }

  #get(name: string): Value {
    const value = this.#tensors.get(name);
    if (value === undefined) throw new Error(`golden: there is no ${name}`);
    return value;
  }
}

/** Where PyTorch keeps a parameter of ours: its name, and which third of `in_proj` it is. */
export interface TorchPlace {
  readonly name: string;
  readonly third?: 0 | 1 | 2;
}

/** PyTorch's name for a path in our modules. */
export function torchPlace(path: string): TorchPlace {
  const name = path
    .replace(/^(encoder|decoder)\.layers\./, "$1.")
    .replace("sourceEmbedding", "source_embedding")
    .replace("targetEmbedding", "target_embedding")
    .replace("feedForward.inner", "linear1")
    .replace("feedForward.outer", "linear2")
    .replace("selfAttentionResidual.norm", "norm1")
    .replace("crossAttentionResidual.norm", "norm2")
    .replace("feedForwardResidual.norm", path.startsWith("decoder") ? "norm3" : "norm2")
    .replace("selfAttention", "self_attn")
    .replace("crossAttention", "multihead_attn")
    .replace(/(^|\.)output\.(weight|bias)$/, (all, dot: string, kind: string) =>
      path.includes("ttention") || path.startsWith("output") === false ? `${dot}out_proj.${kind}` : all,
    );
  const projection = /^(.*?\.?)(query|key|value)\.(weight|bias)$/.exec(name);
  if (projection === null) return { name };
  const [, prefix, which, kind] = projection;
  return { name: `${prefix}in_proj_${kind}`, third: ["query", "key", "value"].indexOf(which) as 0 | 1 | 2 };
}

/** The values of a module's parameters, taken from `param.*` (or another prefix) of the case. */
export function torchValues(golden: Golden, module: Module, place = torchPlace, prefix = "param."): FlatValues {
  const parameters = module.parameters();
  const values = new FlatValues(new Layout(parameters));
  for (const path of parameters.keys()) values.of(path).set(torchValue(golden, prefix, place(path)));
  return values;
}

/** One parameter, or its gradient. */
export function torchValue(golden: Golden, prefix: string, { name, third }: TorchPlace): Float32Array {
  const { data } = golden.floats(prefix + name);
  const size = data.length / 3;
  return third === undefined ? data : data.subarray(third * size, (third + 1) * size);
}

/** The largest difference, relative to the largest expected value. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    size = Math.max(size, Math.abs(expected[i]));
    if (Number.isNaN(actual[i])) return Number.POSITIVE_INFINITY;
  }
  return difference / Math.max(size, 1e-3);
}

export function expectClose(actual: Value | undefined, expected: Value, tolerance = 1e-5, what = ""): void {
  const error = relativeError(actual?.data as Float32Array, expected.data as Float32Array);
  expect(error, `${what} relative error`).toBeLessThanOrEqual(tolerance);
}
