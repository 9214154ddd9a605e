import { dropout } from "../graph/dropout.ts";
import { add, relu, scale } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Embedding } from "../nn/embedding.ts";
import { Linear } from "../nn/linear.ts";
import { paddingMask } from "../nn/masks.ts";
import { Module } from "../nn/module.ts";
import { LayerNorm } from "../nn/norm.ts";
import { Positions } from "../nn/positions.ts";
import { asLogits, type Classified, type Classifier, meanOfReal } from "./classifier.ts";
import type { SourceTensors } from "./seq2seq.ts";
import { EncoderLayer, type TransformerOptions } from "./transformer.ts";

/** Sizes and choices of a {@link TransformerClassifier}. */
export interface TransformerClassifierOptions extends Omit<TransformerOptions, "tiedEmbeddings"> {
  classes: number;
  denseUnits: number;
  denseDropout: number;
}

/** Judges texts by the average of the states of a Transformer's encoder (Vaswani et al. 2017, §3.1). */
export class TransformerClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly layers: readonly EncoderLayer[];
  readonly norm?: LayerNorm;
  readonly dense: Linear;
  readonly output: Linear;
  readonly #options: TransformerClassifierOptions;
  readonly #positions: Positions;

  constructor(options: TransformerClassifierOptions) {
    super();
    const { vocabularySize, dModel, numLayers, maxLength, classes, denseUnits } = options;
    this.#options = options;
    this.#positions = new Positions(maxLength, dModel);
    this.embedding = new Embedding(vocabularySize, dModel);
    this.layers = Array.from({ length: numLayers }, () => new EncoderLayer(options));
    if (options.norm === "pre") this.norm = new LayerNorm(dModel);
    this.dense = new Linear(dModel, denseUnits);
    this.output = new Linear(denseUnits, classes === 2 ? 1 : classes);
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
    const { dModel, dropout: rate, denseDropout } = this.#options;
    const [, time] = ids.shape;
    const mask = paddingMask(lengths, time);
    const words = scale(this.embedding.apply(ids), Math.sqrt(dModel));
    let y = dropout(add(words, this.#positions.between(0, time)), rate);
    const attention: Record<string, Tensor> = {};
    this.layers.forEach((layer, i) => {
      const result = layer.apply(y, mask);
      y = result.y;
      attention[`encoder.${i}`] = result.weights;
    });
    const text = meanOfReal(this.norm?.apply(y) ?? y, lengths);
    const hidden = dropout(relu(this.dense.apply(text)), denseDropout);
    return { logits: asLogits(this.output.apply(hidden)), attention };
  }
}
