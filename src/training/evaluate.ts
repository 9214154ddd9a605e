import { planBatches } from "../data/batch-plan.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { Program } from "../runtime/program.ts";
import { addTally, type Measures, measuresOf, NO_TALLY } from "./events.ts";
import type { Task } from "./task.ts";
import type { Tally } from "./train-step.ts";

/** Measures a model on examples with teacher forcing, without dropout. */
export class Evaluator<Example> {
  readonly #task: Task<Example>;
  readonly #program: Program;

  private constructor(task: Task<Example>, program: Program) {
    this.#task = task;
    this.#program = program;
  }

  /** @param weights may change between measurements */
  static async compile<Example>(engine: Engine, task: Task<Example>, weights: FlatValues): Promise<Evaluator<Example>> {
    const { model } = task;
    const program = await Program.ofModel(engine, { model, weights }, { ...task.sums(0) }, { liveWeights: true });
    return new Evaluator(task, program);
  }

  /**
   * @returns mean loss in nats and accuracy, over all real target tokens, or all texts
   * @throws when there are no examples
   */
  async measure(examples: readonly Example[]): Promise<Measures> {
    if (examples.length === 0) throw new Error("evaluate: there are no examples");
    const { measuredCells: batchTokens } = this.#task;
    let total: Tally = NO_TALLY;
    for (const indices of planBatches(this.#task.lengths(examples), { batchTokens, seed: 0, epoch: 0 })) {
      const { feeds, tokens } = this.#task.batch(examples, indices);
      const result = await this.#program.run(feeds);
      total = addTally(total, { loss: Number(result.loss.data[0]), correct: Number(result.correct.data[0]), tokens });
    }
    return measuresOf(total);
  }

  /** Frees the compiled program. */
  async release(): Promise<void> {
    await this.#program.release();
  }
}
