import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Classifier, textInputs } from "../models/classifier.ts";
import { type Seq2SeqModel, sourceInputs } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { Program } from "../runtime/program.ts";
import { integers, type Value } from "../runtime/value.ts";
import type { HeadParts } from "./cell.ts";
import type { Reading } from "./exhibit.ts";
import type { Kind } from "./wire.ts";

type Outputs = Record<string, Tensor>;
type Names = Readonly<Partial<Record<Kind, string>>>;

/** Which attention of which layer and head. */
export interface HeadPlace {
  readonly kind: Kind;
  readonly layer: number;
  readonly head: number;
}

/** What the attention of a model is computed from, with its real numbers. */
export class AttentionParts {
  readonly #program: Program;
  /** What the model calls the attention of each kind, without its layer. */
  readonly #names: Names;
  /** v of Bahdanau's score. */
  readonly #scoring: Float32Array | undefined;

  private constructor(program: Program, names: Names, scoring: Float32Array | undefined) {
    this.#program = program;
    this.#names = names;
    this.#scoring = scoring;
  }

  static ofWriter(engine: Engine, model: Seq2SeqModel, weights: FlatValues): Promise<AttentionParts> {
    const begun = model.begin(sourceInputs());
    const stepped = model.step(input("tokens", "int32", ["batch", "target"]), begun.memory, begun.carried);
    const outputs = { ...begun.attention, ...stepped.attention, ...begun.parts, ...stepped.parts };
    const names = { cross: "cross", enc: "encoder", dec: "decoder", align: "cross" };
    return AttentionParts.#compile(engine, { model, weights, outputs, names, scoring: "decoder.scoring" });
  }

  static ofClassifier(engine: Engine, model: Classifier, weights: FlatValues): Promise<AttentionParts> {
    const { attention, parts } = model.classify(textInputs());
    const outputs = { ...attention, ...parts };
    const names = { enc: "encoder", align: "pooling" };
    return AttentionParts.#compile(engine, { model, weights, outputs, names, scoring: "attention.scoring" });
  }

  static async #compile(
    engine: Engine,
    what: {
      readonly model: Seq2SeqModel | Classifier;
      readonly weights: FlatValues;
      readonly outputs: Outputs;
      readonly names: Names;
      readonly scoring: string;
    },
  ): Promise<AttentionParts> {
    const { model, weights, outputs, names, scoring } = what;
    const program = await Program.ofModel(engine, what, outputs);
    return new AttentionParts(program, names, model.parameters().has(scoring) ? weights.of(scoring) : undefined);
  }

  /** The parts of one head in a reading. */
  async of({ source, target }: Reading, { kind, layer, head }: HeadPlace): Promise<HeadParts> {
    const result = await this.#program.run(feeds(source, target.slice(0, -1)));
    const name = this.#names[kind];
    const attention = name === "pooling" ? name : `${name}.${layer}`;
    const part = (role: string) => {
      const value = result[`${attention}.${role}`];
      return value && rowsOf(value, head);
    };
    const [state, query, values] = [part("state"), part("query"), part("values")!];
    return {
      state,
      query: query ?? state!,
      keys: part("keys") ?? values,
      values,
      weights: rowsOf(result[attention], head)!,
      scoring: this.#scoring,
      bias: part("bias")?.[0],
    };
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}

/** Both names of the inputs: a program looks at its own. */
function feeds(source: readonly number[], read: readonly number[]): Record<string, Value> {
  const ids = integers([1, source.length], Int32Array.from(source));
  const lengths = integers([1], Int32Array.of(source.length));
  const tokens = integers([1, read.length], Int32Array.from(read));
  return { sourceIds: ids, sourceLengths: lengths, ids, lengths, tokens };
}

/** The rows of one head of `[1, heads, rows, width]`, or of `[1, rows, width]`, which has one. */
function rowsOf({ shape, data }: Value, head: number): readonly Float32Array[] {
  const [rows, width] = shape.slice(-2);
  return Array.from({ length: rows }, (_, row) => {
    const from = (head * rows + row) * width;
    return (data as Float32Array).subarray(from, from + width);
  });
}
