import { pullBack } from "../src/graph/differentiate.ts";
import { input } from "../src/graph/source.ts";
import type { Tensor } from "../src/graph/tensor.ts";
import type { Module } from "../src/nn/module.ts";
import { Random } from "../src/random/random.ts";
import type { Engine } from "../src/runtime/engine.ts";
import { FlatValues, initialize, Layout } from "../src/runtime/parameters.ts";
import { Program, shapeWith } from "../src/runtime/program.ts";
import { floats, type Value } from "../src/runtime/value.ts";

/** What a layer computes, and of what. */
interface Layer {
  readonly model: Module;
  readonly x: Tensor;
  readonly y: Tensor;
}

/** A layer compiled for random numbers: forward, or with all gradients, also that of its input. */
export class LayerProgram {
  readonly #program: Program;
  readonly #layer: Layer;
  readonly #weights: FlatValues;

  private constructor(program: Program, layer: Layer, weights: FlatValues) {
    this.#program = program;
    this.#layer = layer;
    this.#weights = weights;
  }

  static async compile(engine: Engine, layer: Layer, gradients: boolean): Promise<LayerProgram> {
    const { model, x, y } = layer;
    const parameters = [...model.parameters()];
    const outputs: Record<string, Tensor> = { y };
    if (gradients) {
      const wanted = new Map([["x", x], ...parameters.map(([name, { tensor }]) => [name, tensor] as const)]);
      const found = pullBack([[y, input("cotangent", "float32", y.shape)]], [...wanted.values()]);
      [...wanted.keys()].forEach((name, i) => {
        outputs[`gradient of ${name}`] = found[i]!;
      });
    }
    const names = new Map(parameters.map(([name, { tensor }]) => [tensor, name]));
    const weights = new FlatValues(new Layout(model.parameters()));
    initialize(weights, model.parameters(), 1);
    return new LayerProgram(await Program.compile(engine, outputs, { parameters: names }), layer, weights);
  }

  get parameters(): number {
    return this.#weights.layout.count;
  }

  /**
   * A run on random numbers, into memory that is there before.
   *
   * @param lengths of the named dimensions
   * @param others values of inputs beside `x`
   */
  stepOf(lengths: Readonly<Record<string, number>>, others: Readonly<Record<string, Value>> = {}): () => Promise<void> {
    const known = new Map(Object.entries(lengths));
    const feeds = {
      ...others,
      ...Object.fromEntries(this.#weights.views),
      x: normals(shapeWith(known, this.#layer.x)),
      cotangent: normals(shapeWith(known, this.#layer.y)),
    };
    const into = Object.fromEntries(
      this.#program.outputs.map((output) => [output.name, normals(shapeWith(known, output))]),
    );
    return async () => {
      await this.#program.run(feeds, into);
    };
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}

function normals(shape: readonly number[]): Value<"float32"> {
  const random = Random.of(1, "bench");
  return floats(
    shape,
    new Float32Array(shape.reduce((a, b) => a * b, 1)).map(() => random.normal()),
  );
}
