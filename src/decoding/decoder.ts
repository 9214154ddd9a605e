import { reshape } from "../graph/broadcast.ts";
import { subtract } from "../graph/elementwise.ts";
import { pick } from "../graph/gather.ts";
import { argMax, logSumExp } from "../graph/softmax.ts";
import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Seq2SeqModel, State } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { Program } from "../runtime/program.ts";
import { integers, type Value } from "../runtime/value.ts";

/** How a decoder is compiled. */
export interface DecoderOptions {
  /** Whether the weights will change, as in training; fixed weights are packed into the programs and run faster. */
  liveWeights?: boolean;
  /** Whether steps also give attention weights. */
  attention?: boolean;
}

/** Sentences being written: what the encoder read, and what the steps carry on. */
export interface Decoding {
  readonly memory: Readonly<Record<string, Value>>;
  readonly carried: Readonly<Record<string, Value>>;
  /** Attention inside the encoder by name, `[batch, heads, source, source]`; empty unless asked for. */
  readonly attention: Readonly<Record<string, Value>>;
}

/** The likeliest continuation of each sentence. */
export interface DecodedStep {
  /** `[batch]` */
  readonly tokens: Int32Array;
  /** Natural logarithm of each token's probability. */
  readonly logProbabilities: Float32Array;
  /** Attention of this step by name, `[batch, heads, 1, key]`; empty unless asked for. */
  readonly attention: Readonly<Record<string, Value>>;
  readonly decoding: Decoding;
}

/** A sequence-to-sequence model compiled for inference: the encoder runs once, then one program a token. */
export class Decoder {
  readonly maxLength: number;
  readonly #begin: Program;
  readonly #step: Program;
  readonly #weights: Readonly<Record<string, Value>>;

  private constructor(maxLength: number, begin: Program, step: Program, weights: Record<string, Value>) {
    this.maxLength = maxLength;
    this.#begin = begin;
    this.#step = step;
    this.#weights = weights;
  }

  static async compile(
    engine: Engine,
    model: Seq2SeqModel,
    weights: FlatValues,
    options: DecoderOptions = {},
  ): Promise<Decoder> {
    const parameters = new Map([...model.parameters()].map(([name, { tensor }]) => [tensor, name]));
    const values = options.liveWeights === true ? undefined : (name: string) => weights.of(name);
    const source = {
      ids: input("sourceIds", "int32", ["batch", "source"]),
      lengths: input("sourceLengths", "int32", ["batch"]),
    };
    const begun = model.begin(source);
    const wanted = (attention: State) => (options.attention === true ? prefixed("attention", attention) : {});
    const begin = await Program.compile(
      engine,
      { ...prefixed("memory", begun.memory), ...prefixed("carried", begun.carried), ...wanted(begun.attention) },
      { parameters, values },
    );

    const tokens = input("tokens", "int32", ["batch", 1]);
    const memory = asInputs("memory", begun.memory, {});
    const carried = asInputs("carried", begun.carried, { 0: "past" });
    const stepped = model.step(tokens, memory, carried);
    const logits = reshape(stepped.logits, ["batch", model.vocabularySize]);
    const likeliest = argMax(logits);
    const logProbabilities = subtract(pick(logits, likeliest), logSumExp(logits));
    const step = await Program.compile(
      engine,
      { likeliest, logProbabilities, ...prefixed("next", stepped.carried), ...wanted(stepped.attention) },
      { parameters, values },
    );
    return new Decoder(model.maxLength, begin, step, options.liveWeights ? Object.fromEntries(weights.views) : {});
  }

  /**
   * Reads source sentences.
   *
   * @throws when a source is empty or longer than the model takes
   */
  async begin(sources: readonly ArrayLike<number>[]): Promise<Decoding> {
    const time = Math.max(...sources.map(({ length }) => length));
    if (sources.some(({ length }) => length === 0)) throw new Error("decode: a source has no tokens");
    if (time > this.maxLength) {
      throw new Error(`decode: a source has ${time} tokens; the model takes at most ${this.maxLength}`);
    }
    const ids = new Int32Array(sources.length * time);
    sources.forEach((source, row) => {
      ids.set(source, row * time);
    });
    const result = await this.#begin.run({
      ...this.#weights,
      sourceIds: integers([sources.length, time], ids),
      sourceLengths: integers(
        [sources.length],
        Int32Array.from(sources, ({ length }) => length),
      ),
    });
    return {
      memory: under("memory", result),
      carried: under("carried", result),
      attention: under("attention", result, ""),
    };
  }

  /** Reads the last token of each sentence and tells the likeliest next. */
  async step({ memory, carried, attention }: Decoding, tokens: Int32Array): Promise<DecodedStep> {
    const feeds = { ...this.#weights, ...memory, ...carried, tokens: integers([tokens.length, 1], tokens) };
    const result = await this.#step.run(feeds);
    return {
      tokens: result.likeliest.data as Int32Array,
      logProbabilities: result.logProbabilities.data as Float32Array,
      attention: under("attention", result, ""),
      decoding: { memory, carried: under("next", result, "carried."), attention },
    };
  }

  /** Frees the compiled programs. */
  async release(): Promise<void> {
    await Promise.all([this.#begin.release(), this.#step.release()]);
  }
}

function prefixed(prefix: string, tensors: State): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
}

/** Inputs like these tensors, each length that is a key of `renamed` under its new name. */
function asInputs(prefix: string, tensors: State, renamed: Readonly<Record<string | number, string>>): State {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape }]) => [
      name,
      input(
        `${prefix}.${name}`,
        dtype,
        shape.map((length) => renamed[length] ?? length),
      ),
    ]),
  );
}

/** The values whose names begin with a prefix; it is kept, or replaced. */
function under(
  prefix: string,
  values: Readonly<Record<string, Value>>,
  replaced = `${prefix}.`,
): Record<string, Value> {
  const chosen = Object.entries(values).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(chosen.map(([name, value]) => [replaced + name.slice(prefix.length + 1), value]));
}
