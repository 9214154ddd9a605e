import { evaluate } from "../graph/dimension.ts";
import { type ArrayOf, type DType, describe, type Tensor } from "../graph/tensor.ts";
import { type Compression, compressed, type Rows } from "../onnx/compress.ts";
import { type Lowered, type LoweredInput, type LowerOptions, lower } from "../onnx/lower.ts";
import type { Engine, Session } from "./engine.ts";
import type { FlatValues } from "./parameters.ts";
import type { Value } from "./value.ts";

/** How a graph is compiled. */
export interface ProgramOptions extends LowerOptions {
  /** How weights that are stored in the program are stored. Default: as they are. */
  compression?: Compression;
  /** How many rows products with them have. Default: `many`. */
  rows?: Rows;
}

/** A model, whose parameters have names, and its weights. */
export interface Weighted {
  readonly model: { names(): ReadonlyMap<Tensor, string> };
  readonly weights: FlatValues;
}

/** How a graph of a model is compiled. */
export interface ModelProgramOptions extends Pick<ProgramOptions, "compression" | "rows"> {
  /** Whether the weights will change, as in training; fixed ones are packed into the program, which runs faster. Default: no. */
  liveWeights?: boolean;
}

/** A graph compiled for an engine: give it values for its inputs and it gives the outputs. */
export class Program {
  readonly inputs: readonly LoweredInput[];
  readonly outputs: Lowered["outputs"];
  readonly #session: Session;
  readonly #names: readonly string[];
  /** What every run is fed. */
  #held: Readonly<Record<string, Value>> = {};

  private constructor(lowered: Lowered, session: Session) {
    this.inputs = lowered.inputs;
    this.outputs = lowered.outputs;
    this.#session = session;
    this.#names = lowered.outputs.map(({ name }) => name);
  }

  /** @throws as {@link lower} */
  static async compile(
    engine: Engine,
    outputs: Readonly<Record<string, Tensor>>,
    { compression, rows, ...options }: ProgramOptions = {},
  ): Promise<Program> {
    const lowered = lower(outputs, options);
    const bytes = compression === undefined ? lowered.bytes : compressed(lowered.bytes, compression, { rows });
    return new Program(lowered, await engine.load(bytes));
  }

  /**
   * Compiles a graph of a model, whose weights need not be fed: they are in the program, or if live, read at each run.
   *
   * @throws as {@link lower}
   */
  static async ofModel(
    engine: Engine,
    { model, weights }: Weighted,
    outputs: Readonly<Record<string, Tensor>>,
    { liveWeights = false, ...options }: ModelProgramOptions = {},
  ): Promise<Program> {
    const values = liveWeights ? undefined : (name: string) => weights.of(name);
    const program = await Program.compile(engine, outputs, { ...options, parameters: model.names(), values });
    if (liveWeights) program.#held = Object.fromEntries(weights.views);
    return program;
  }

  /** Compiles what was lowered before. */
  static async load(engine: Engine, lowered: Lowered): Promise<Program> {
    return new Program(lowered, await engine.load(lowered.bytes));
  }

  /**
   * Runs once.
   *
   * @param feeds a value for every input, but for weights that the program has or reads itself; others are ignored
   * @param into where to write outputs, for those that should not be allocated
   * @throws when an input is missing or has another type or shape than declared
   */
  async run(
    feeds: Readonly<Record<string, Value>>,
    into: Readonly<Record<string, Value>> = {},
  ): Promise<Record<string, Value>> {
    const used: Record<string, Value> = {};
    for (const { name } of this.inputs) used[name] = feeds[name] ?? this.#held[name];
    this.lengths(used);
    return this.#session.run(used, this.#names, into);
  }

  /**
   * The lengths that named dimensions have in these feeds.
   *
   * @param inputs the inputs to look at. Default: all
   */
  lengths(feeds: Readonly<Record<string, Value>>, inputs: readonly LoweredInput[] = this.inputs): Map<string, number> {
    const lengths = new Map<string, number>();
    for (const input of inputs) {
      const value = feeds[input.name];
      if (value === undefined) throw new Error(`program: input ${input.name} (${describe(input)}) is missing`);
      if (value.dtype !== input.dtype || value.shape.length !== input.shape.length) throw mismatch(input, value);
      for (const [axis, declared] of input.shape.entries()) {
        const given = value.shape[axis];
        const known = typeof declared === "number" ? declared : lengths.get(declared);
        if (known === undefined) lengths.set(declared as string, given);
        else if (known !== given) throw mismatch(input, value, `${declared} is ${known}`);
      }
    }
    return lengths;
  }

  /** Frees the memory of the compiled model. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** The shape of a declared input or output, all lengths known. */
export function shapeWith(lengths: ReadonlyMap<string, number>, { shape }: { shape: LoweredInput["shape"] }): number[] {
  return shape.map((length) => evaluate(length, lengths));
}

function mismatch(input: LoweredInput, value: Value<DType> & { data: ArrayOf[DType] }, why?: string): Error {
  const came = describe(value);
  return new Error(`program: input ${input.name} wants ${describe(input)}${why ? ` where ${why}` : ""}; got ${came}`);
}
