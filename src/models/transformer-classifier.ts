import { dropout } from "../graph/dropout.ts";
import { add, scale } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Embedding } from "../nn/embedding.ts";
import { paddingMask } from "../nn/masks.ts";
import { Module } from "../nn/module.ts";
import { LayerNorm } from "../nn/norm.ts";
import { Positions } from "../nn/positions.ts";
import { type Classified, type Classifier, meanOfReal } from "./classifier.ts";
import { ClassifierHead } from "./classifier-head.ts";
import type { SourceTensors } from "./seq2seq.ts";
import { stateOutputs } from "./state.ts";
import { EncoderLayer, type TransformerOptions } from "./transformer.ts";

/** Sizes and choices of a {@link TransformerClassifier}. */
export interface TransformerClassifierOptions
  extends Omit<TransformerOptions, "tiedEmbeddings" | "maskedAttentionDropout"> {
  /** How many classes there are, at least two. */
  classes: number;
  /** Width of the layer before the output. */
  denseUnits: number;
  /** Dropout before the output. */
  denseDropout: number;
}

/** Judges texts by the average of the states of a Transformer's encoder (Vaswani et al. 2017, §3.1). */
export class TransformerClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly layers: readonly EncoderLayer[];
  readonly norm?: LayerNorm;
  readonly head: ClassifierHead;
  readonly classes: number;
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly attendsToPadding = false;
  readonly #options: TransformerClassifierOptions;
  readonly #positions: Positions;

  /** @throws when numHeads do not divide dModel */
  constructor(options: TransformerClassifierOptions) {
    super();
    const { vocabularySize, dModel, numLayers, maxLength } = options;
    this.#options = options;
    this.classes = options.classes;
    this.vocabularySize = options.vocabularySize;
    this.maxLength = options.maxLength;
    this.#positions = options.positions ?? new Positions(maxLength, dModel);
    this.embedding = new Embedding(vocabularySize, dModel);
    this.layers = Array.from({ length: numLayers }, () => new EncoderLayer(options));
    if (options.norm === "pre") this.norm = new LayerNorm(dModel, options.normEpsilon);
    this.head = new ClassifierHead(dModel, options);
  }

  classify({ ids, lengths }: SourceTensors): Classified {
    const { dModel, dropout: rate } = this.#options;
    const [, time] = ids.shape;
    const mask = paddingMask(lengths, time);
    const words = scale(this.embedding.apply(ids), Math.sqrt(dModel));
    let y = dropout(add(words, this.#positions.between(0, time)), rate);
    const attention: Record<string, Tensor> = {};
    const parts: Record<string, Tensor> = {};
    this.layers.forEach((layer, i) => {
      const result = layer.apply(y, mask);
      y = result.y;
      attention[`encoder.${i}`] = result.self.weights;
      Object.assign(parts, stateOutputs(`encoder.${i}`, { ...result.self.parts }));
    });
    const text = meanOfReal(this.norm?.apply(y) ?? y, lengths);
    return { logits: this.head.apply(text), attention, parts };
  }
}
