import type { Tensor } from "../graph/tensor.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { type ModelProgramOptions, Program } from "../runtime/program.ts";
import { integers, type Value } from "../runtime/value.ts";
import { beginGraph, forcedGraph, lengthAxes, stepGraph } from "./decoder-graphs.ts";
import { type Begun, DecoderStepping, under } from "./decoder-stepping.ts";
import type { Stepper, Stepping, Wanted } from "./stepper.ts";

/** How a decoder is compiled. */
export interface DecoderOptions extends Pick<ModelProgramOptions, "liveWeights"> {
  /** Whether attention will be asked for mostly: then what gives it is compiled at once. */
  attention?: boolean;
  /** `int8` wants fixed weights. Default: `fp32`. */
  precision?: Precision;
  /**
   * Whether sentences may join others that are being written. Then each row of a step may be at another place of its
   * sentence, which makes steps a little slower. Default: no.
   */
  joining?: boolean;
  /**
   * Rows (sentences × beams) expected in an int8 step. `few` (up to about 4): faster on a CPU, rows vary slightly with the
   * batch. `many`: rows do not depend on the batch. Default: `many`.
   */
  rows?: ModelProgramOptions["rows"];
}

/**
 * What a decoder computes products with weights in: single precision, or integers of eight bits, in about two thirds of the
 * time. Then probabilities differ in the third digit, and now and then an answer.
 */
export type Precision = "fp32" | "int8";

/** Every {@link Precision}. */
export const PRECISIONS: readonly Precision[] = ["fp32", "int8"];

/** What a model says of whole targets. */
export interface Forced {
  /** `[batch, target]` */
  readonly logProbabilities: Value<"float32">;
  /** By name, `[batch, heads, query, key]`; empty unless wanted. */
  readonly attention: Readonly<Record<string, Value>>;
}

/**
 * A sequence-to-sequence model compiled for inference: the encoder runs once, then one program a token. Programs for
 * what is wanted more seldom (all probabilities, attention, whole targets) are compiled when they are first asked for.
 */
export class Decoder implements Stepper {
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly #programs = new Map<string, Promise<Program>>();
  readonly #compile: (outputs: Record<string, Tensor>) => Promise<Program>;
  readonly #model: Seq2SeqModel;
  readonly #axes: ReturnType<typeof lengthAxes>;
  readonly #joining: boolean;

  private constructor(engine: Engine, model: Seq2SeqModel, weights: FlatValues, options: DecoderOptions) {
    const { liveWeights = false, precision = "fp32", joining = false } = options;
    const rows = engine.device === "cpu" ? options.rows : "many";
    if (liveWeights && precision !== "fp32") throw new Error(`decode: weights that change cannot be ${precision}`);
    this.vocabularySize = model.vocabularySize;
    this.maxLength = model.maxLength;
    this.#model = model;
    this.#axes = lengthAxes(model);
    this.#joining = joining;
    const compression = precision === "fp32" ? undefined : precision;
    const how = { liveWeights, compression, rows };
    this.#compile = (outputs) => Program.ofModel(engine, { model, weights }, outputs, how);
  }

  /**
   * Compiles what every search needs: reading sources, and steps for the likeliest token.
   *
   * @param weights of the model. With `liveWeights` a step sees how they are now; otherwise they must not change
   * @throws when weights that change are to be int8
   */
  static async compile(
    engine: Engine,
    model: Seq2SeqModel,
    weights: FlatValues,
    options: DecoderOptions = {},
  ): Promise<Decoder> {
    const { attention = false } = options;
    const decoder = new Decoder(engine, model, weights, options);
    await decoder.#begin();
    await decoder.#step({ top: 1, attention });
    return decoder;
  }

  /** @throws when a source is empty or longer than the model takes */
  async begin(sources: readonly ArrayLike<number>[]): Promise<Stepping> {
    return new DecoderStepping(await this.#read(sources), {
      axes: this.#axes,
      joining: this.#joining,
      vocabularySize: this.vocabularySize,
      maxLength: this.maxLength,
      read: (more) => this.#read(more),
      programFor: (wanted) => this.#step(wanted),
    });
  }

  async #read(sources: readonly ArrayLike<number>[]): Promise<Begun> {
    const program = await this.#begin();
    const begun = await program.run(this.#sourceFeeds(sources));
    return {
      memory: under("memory", begun),
      carried: under("carried", begun),
      sourceLengths: sources.map(({ length }) => length),
    };
  }

  /**
   * Reads sources and whole targets at once.
   *
   * @param startId what each target begins after
   * @param targets one for each source, none empty
   * @throws as {@link begin}, or when a target is longer than the model takes
   */
  async force(
    sources: readonly ArrayLike<number>[],
    targets: readonly ArrayLike<number>[],
    { startId, attention = false }: { startId: number; attention?: boolean },
  ): Promise<Forced> {
    const shape = [targets.length, this.#longest("target", targets)];
    const next = padded(targets, shape[1]);
    const read = new Int32Array(next.length);
    for (const [row, target] of targets.entries())
      read.set([startId, ...Array.from(target).slice(0, -1)], row * shape[1]);
    const program = await this.#program(`forced, attention ${attention}`, () =>
      forcedGraph(this.#model, { attention }),
    );
    const { logProbabilities, ...rest } = await program.run({
      ...this.#sourceFeeds(sources),
      read: integers(shape, read),
      next: integers(shape, next),
    });
    return { logProbabilities: logProbabilities as Value<"float32">, attention: under("attention", rest, "") };
  }

  /** Frees the compiled programs. */
  async release(): Promise<void> {
    const programs = await Promise.all(this.#programs.values());
    this.#programs.clear();
    await Promise.all(programs.map((program) => program.release()));
  }

  #begin(): Promise<Program> {
    return this.#program("begin", () => beginGraph(this.#model));
  }

  #step({ top, attention = false }: Wanted): Promise<Program> {
    const kind = top === undefined ? "all" : top === 1 ? "one" : "some";
    return this.#program(`step, ${kind}, attention ${attention}`, () =>
      stepGraph(this.#model, { top: kind, attention, joining: this.#joining }),
    );
  }

  #program(name: string, outputs: () => Record<string, Tensor>): Promise<Program> {
    const known = this.#programs.get(name) ?? this.#compile(outputs());
    this.#programs.set(name, known);
    return known;
  }

  #sourceFeeds(sources: readonly ArrayLike<number>[]): Record<string, Value> {
    const time = this.#longest("source", sources);
    const lengths = Int32Array.from(sources, ({ length }) => length);
    return {
      sourceIds: integers([sources.length, time], padded(sources, time)),
      sourceLengths: integers([sources.length], lengths),
    };
  }

  #longest(what: string, rows: readonly ArrayLike<number>[]): number {
    const time = Math.max(...rows.map(({ length }) => length));
    if (rows.some(({ length }) => length === 0)) throw new Error(`decode: a ${what} has no tokens`);
    if (time > this.maxLength) {
      throw new Error(`decode: a ${what} has ${time} tokens; the model takes at most ${this.maxLength}`);
    }
    return time;
  }
}

function padded(rows: readonly ArrayLike<number>[], time: number): Int32Array {
  const ids = new Int32Array(rows.length * time);
  for (const [row, values] of rows.entries()) ids.set(values, row * time);
  return ids;
}
