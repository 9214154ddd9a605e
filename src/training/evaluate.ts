import { lengthsOf, planBatches } from "../data/batch-plan.ts";
import { type Example, makeBatch } from "../data/batches.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { Program } from "../runtime/program.ts";
import { addTally, type Measures, measuresOf, NO_TALLY } from "./events.ts";
import { batchFeeds, lossGraph, type Tally } from "./train-step.ts";

const BATCH_TOKENS = 2048;

/** Measures a model on examples with teacher forcing, without dropout. */
export class Evaluator {
  readonly #program: Program;
  readonly #weights: FlatValues;

  private constructor(program: Program, weights: FlatValues) {
    this.#program = program;
    this.#weights = weights;
  }

  /** @param weights may change between measurements */
  static async compile(engine: Engine, model: Seq2SeqModel, weights: FlatValues): Promise<Evaluator> {
    const parameters = new Map([...model.parameters()].map(([name, { tensor }]) => [tensor, name]));
    return new Evaluator(await Program.compile(engine, { ...lossGraph(model, 0) }, { parameters }), weights);
  }

  /** @throws when there are no examples */
  async measure(examples: readonly Example[], padId: number): Promise<Measures> {
    if (examples.length === 0) throw new Error("evaluate: there are no examples");
    const plan = planBatches(lengthsOf(examples), { batchTokens: BATCH_TOKENS, seed: 0, epoch: 0 });
    let total: Tally = NO_TALLY;
    for (const indices of plan) {
      const batch = makeBatch(examples, indices, padId);
      const result = await this.#program.run({ ...batchFeeds(batch), ...Object.fromEntries(this.#weights.views) });
      const loss = Number(result.loss.data[0]);
      total = addTally(total, { loss, correct: Number(result.correct.data[0]), tokens: batch.tokens });
    }
    return measuresOf(total);
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}
