import { type ExampleLengths, lengthsOf } from "../data/batch-plan.ts";
import { type Batch, type Example, makeBatch } from "../data/batches.ts";
import { sum } from "../graph/broadcast.ts";
import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Seq2SeqModel, sourceInputs } from "../models/seq2seq.ts";
import { correct, crossEntropy } from "../nn/loss.ts";
import { integers, type Value } from "../runtime/value.ts";
import type { Task, TaskBatch } from "./task.ts";

/** Writing the target token by token, each from the real ones before it (teacher forcing). */
export class Seq2SeqTask implements Task<Example> {
  readonly model: Seq2SeqModel;
  readonly measuredCells = 2048;
  readonly #padId: number;

  /** @param padId what shorter sentences of a batch are filled up with */
  constructor(model: Seq2SeqModel, padId: number) {
    this.model = model;
    this.#padId = padId;
  }

  /** Inputs: see {@link batchFeeds}. */
  sums(labelSmoothing: number): { loss: Tensor; correct: Tensor } {
    const target = input("decoderInput", "int32", ["batch", "target"]);
    const labels = input("labels", "int32", ["tokens"]);
    const logits = this.model.teach(sourceInputs(), target, input("positions", "int32", ["tokens"]));
    return { loss: sum(crossEntropy(logits, labels, labelSmoothing)), correct: sum(correct(logits, labels)) };
  }

  lengths(examples: readonly Example[]): ExampleLengths {
    return lengthsOf(examples);
  }

  batch(examples: readonly Example[], indices: ArrayLike<number>): TaskBatch {
    const batch = makeBatch(examples, indices, this.#padId);
    return { feeds: batchFeeds(batch), tokens: batch.tokens };
  }

  /** @throws when the source or the target is longer than the model takes */
  check({ source, target }: Example): void {
    const longest = Math.max(source.length, target.length);
    if (longest <= this.model.maxLength) return;
    throw new Error(`train: an example has ${longest} tokens; the model takes ${this.model.maxLength}`);
  }
}

/**
 * A batch as the inputs of a {@link Seq2SeqTask}, all int32: `sourceIds` `[batch, source]`, `sourceLengths` `[batch]`,
 * `decoderInput` `[batch, target]`, and for each scored token its `positions` and `labels`, `[tokens]`.
 */
export function batchFeeds(batch: Batch): Record<string, Value> {
  return {
    sourceIds: integers([batch.size, batch.sourceTime], batch.sourceIds),
    sourceLengths: integers([batch.size], batch.sourceLengths),
    decoderInput: integers([batch.size, batch.targetTime], batch.decoderInput),
    positions: integers([batch.tokens], batch.positions),
    labels: integers([batch.tokens], batch.labels),
  };
}
