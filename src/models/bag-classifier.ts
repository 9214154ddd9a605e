import { dropout } from "../graph/dropout.ts";
import { relu } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear } from "../nn/linear.ts";
import { Module } from "../nn/module.ts";
import { AttentionPooling } from "./attention-pooling.ts";
import { asLogits, type Classified, type Classifier, meanOfReal } from "./classifier.ts";
import type { SourceTensors } from "./seq2seq.ts";

/** Sizes of a {@link BagClassifier}. */
export interface BagClassifierOptions {
  vocabularySize: number;
  classes: number;
  dEmbedding: number;
  /** Whether words are weighed by attention with their average as query, or all count the same. */
  pooling: "attention" | "mean";
  attentionUnits: number;
  denseUnits: number;
  dropout: number;
  denseDropout: number;
  maxLength: number;
}

/**
 * Judges texts by the average of their words' embeddings, whatever the order: the line every honest chart needs. With
 * attention the words are weighed.
 */
export class BagClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly attention?: AttentionPooling;
  readonly dense: Linear;
  readonly output: Linear;
  readonly #options: BagClassifierOptions;

  constructor(options: BagClassifierOptions) {
    super();
    this.#options = options;
    this.embedding = new Embedding(options.vocabularySize, options.dEmbedding);
    if (options.pooling === "attention") {
      this.attention = new AttentionPooling(options.dEmbedding, options.attentionUnits);
    }
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
    const mean = meanOfReal(words, lengths);
    if (this.attention === undefined) return { logits: this.#judge(mean), attention: {} };
    const { context, weights } = this.attention.apply(mean, words, lengths);
    return { logits: this.#judge(context), attention: { pooling: weights } };
  }

  #judge(text: Tensor): Tensor {
    const hidden = dropout(relu(this.dense.apply(text)), this.#options.denseDropout);
    return asLogits(this.output.apply(hidden));
  }
}
