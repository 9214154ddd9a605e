import type { ExampleLengths } from "../data/batch-plan.ts";
import { sum } from "../graph/broadcast.ts";
import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Classifier, idsToRead, textInputs, textValues } from "../models/classifier.ts";
import { correct, crossEntropy } from "../nn/loss.ts";
import { integers } from "../runtime/value.ts";
import type { Task, TaskBatch } from "./task.ts";

/** A text as token ids, and the number of its class. */
export interface LabelledExample {
  readonly ids: Int32Array;
  readonly label: number;
}

/** Telling the class of texts. A batch scores one prediction a text. */
export class ClassifyTask implements Task<LabelledExample> {
  readonly model: Classifier;
  readonly measuredCells = 65_536;
  readonly #padId: number;

  /** @param padId what shorter texts of a batch are filled up with */
  constructor(model: Classifier, padId: number) {
    this.model = model;
    this.#padId = padId;
  }

  /** Inputs: those of {@link textInputs}, and `labels`, int32 `[batch]`. */
  sums(labelSmoothing: number): { loss: Tensor; correct: Tensor } {
    const labels = input("labels", "int32", ["batch"]);
    const { logits } = this.model.classify(textInputs());
    return { loss: sum(crossEntropy(logits, labels, labelSmoothing)), correct: sum(correct(logits, labels)) };
  }

  lengths(examples: readonly LabelledExample[]): ExampleLengths {
    return {
      sources: Int32Array.from(examples, ({ ids }) => ids.length),
      targets: new Int32Array(examples.length).fill(1),
    };
  }

  batch(examples: readonly LabelledExample[], indices: ArrayLike<number>): TaskBatch {
    const chosen = Array.from(indices, (index) => examples[index]);
    const texts = chosen.map(({ ids }) => idsToRead(this.model, ids, this.#padId));
    return {
      feeds: {
        ...textValues(texts, this.#padId),
        labels: integers(
          [chosen.length],
          Int32Array.from(chosen, ({ label }) => label),
        ),
      },
      tokens: chosen.length,
    };
  }

  /** @throws when a text is empty or longer than the model takes, or its class is none of the model's */
  check({ ids, label }: LabelledExample): void {
    const { maxLength, classes } = this.model;
    if (ids.length === 0) throw new Error("train: a text has no tokens");
    if (ids.length > maxLength) throw new Error(`train: a text has ${ids.length} tokens; the model takes ${maxLength}`);
    if (!(label >= 0 && label < classes)) throw new Error(`train: class ${label} is none of ${classes}`);
  }
}
