import { dropout } from "../graph/dropout.ts";
import { relu } from "../graph/elementwise.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { asLogits, type Classified, type Classifier, meanOfReal } from "./classifier.ts";
import type { SourceTensors } from "./seq2seq.ts";

/** Sizes of a {@link BagClassifier}. */
export interface BagClassifierOptions {
  vocabularySize: number;
  classes: number;
  dEmbedding: number;
  denseUnits: number;
  dropout: number;
  denseDropout: number;
  maxLength: number;
}

/** Judges texts by the average of their words' embeddings, whatever the order: the line every honest chart needs. */
export class BagClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly dense: Linear;
  readonly output: Linear;
  readonly #options: BagClassifierOptions;

  constructor(options: BagClassifierOptions) {
    super();
    this.#options = options;
    this.embedding = new Embedding(options.vocabularySize, options.dEmbedding);
    this.dense = new Linear(options.dEmbedding, options.denseUnits);
    this.output = new Linear(options.denseUnits, options.classes === 2 ? 1 : options.classes);
  }

  get classes(): number {
    return this.#options.classes;
  }

  get vocabularySize(): number {
    return this.#options.vocabularySize;
  }

  get maxLength(): number {
    return this.#options.maxLength;
  }

  classify({ ids, lengths }: SourceTensors): Classified {
    const words = dropout(this.embedding.apply(ids), this.#options.dropout);
    const hidden = dropout(relu(this.dense.apply(meanOfReal(words, lengths))), this.#options.denseDropout);
    return { logits: asLogits(this.output.apply(hidden)), attention: {} };
  }
}
