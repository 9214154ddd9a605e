import type { Engine } from "../runtime/engine.ts";
import { MaskPool } from "../runtime/mask-pool.ts";
import { Program } from "../runtime/program.ts";
import type { TrainingMemory } from "../runtime/training-memory.ts";
import type { Value } from "../runtime/value.ts";
import type { StepProgram, TableGradient } from "./step-program.ts";
import type { TaskBatch } from "./task.ts";

/** Sums over the predictions of a batch: real target tokens, or texts. */
export interface Tally {
  /** Cross-entropy in nats, with label smoothing if the program has it. */
  loss: number;
  /** Predictions whose label had the highest logit. */
  correct: number;
  tokens: number;
}

/** Where the gradient of a table is written. */
interface Table extends TableGradient {
  readonly gradient: Float32Array;
  /** Rows that hold a gradient now, to be cleared before the next. */
  touched: number[];
}

/** Where a step reads the weights and writes their gradients. */
export type StepMemory = Pick<TrainingMemory, "weights" | "gradients">;

/** The compiled training step of a model: loss and gradients of a batch, the gradients written into a flat buffer. */
export class TrainStep {
  readonly #program: Program;
  readonly #masks: MaskPool;
  readonly #weights: Readonly<Record<string, Value>>;
  readonly #into: Readonly<Record<string, Value>>;
  readonly #tables: readonly Table[];

  private constructor(program: Program, tables: readonly TableGradient[], memory: StepMemory, seed: number) {
    const { weights, gradients } = memory;
    this.#program = program;
    this.#masks = new MaskPool(program.inputs, seed);
    this.#weights = Object.fromEntries(weights.views);
    this.#tables = tables.map((table) => ({ ...table, gradient: gradients.of(table.name), touched: [] }));
    const views = new Map([...gradients.views].map(([name, view]) => [`gradient.${name}`, view]));
    this.#into = Object.fromEntries(
      program.outputs.flatMap(({ name }) => (views.has(name) ? [[name, views.get(name)!]] : [])),
    );
  }

  /**
   * @param memory holds the weights, and receives the gradients of the summed loss
   * @param seed of the dropout masks
   */
  static async load(engine: Engine, program: StepProgram, memory: StepMemory, seed: number): Promise<TrainStep> {
    return new TrainStep(await Program.load(engine, program.lowered), program.tables, memory, seed);
  }

  /**
   * Computes loss and gradients of one batch.
   *
   * @param step and part (of a step over several batches) name the dropout masks, together with the seed
   */
  async run(batch: TaskBatch, step: number, part = 0): Promise<Tally> {
    const feeds = { ...batch.feeds, ...this.#weights };
    const given = this.#program.inputs.filter(({ kind }) => kind !== "mask");
    const masks = this.#masks.draw(step, part, this.#program.lengths(feeds, given));
    const result = await this.#program.run({ ...feeds, ...masks }, this.#into);
    for (const table of this.#tables) addRows(table, result);
    return { loss: Number(result.loss.data[0]), correct: Number(result.correct.data[0]), tokens: batch.tokens };
  }

  /** Frees the compiled program. */
  async release(): Promise<void> {
    await this.#program.release();
  }
}

/** Adds the rows of a step into the gradient of their table. */
function addRows(table: Table, result: Readonly<Record<string, Value>>): void {
  const { gradient, width } = table;
  if (!table.dense) {
    for (const row of table.touched) gradient.fill(0, row * width, (row + 1) * width);
    table.touched = [];
  }
  for (const names of table.rows) {
    const indices = result[names.indices].data as Int32Array;
    const rows = result[names.rows].data as Float32Array;
    for (let i = 0; i < indices.length; i++) {
      const to = indices[i] * width;
      const from = i * width;
      for (let j = 0; j < width; j++) gradient[to + j] += rows[from + j];
      if (!table.dense) table.touched.push(indices[i]);
    }
  }
}
