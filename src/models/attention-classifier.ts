import { reshape } from "../graph/broadcast.ts";
import { add } from "../graph/elementwise.ts";
import { gather } from "../graph/gather.ts";
import { transpose } from "../graph/product.ts";
import { concat, pad, slice } from "../graph/slice.ts";
import { constant } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { FORBIDDEN } from "../nn/attention.ts";
import type { CellKind } from "../nn/cells.ts";
import { Embedding } from "../nn/embedding.ts";
import { Module } from "../nn/module.ts";
import { Recurrent } from "../nn/recurrent.ts";
import { AttentionPooling } from "./attention-pooling.ts";
import type { Classified, Classifier } from "./classifier.ts";
import { ClassifierHead } from "./classifier-head.ts";
import type { SourceTensors } from "./seq2seq.ts";

/** Sizes and choices of an {@link AttentionClassifier}. */
export interface AttentionClassifierOptions {
  vocabularySize: number;
  /** How many classes there are, at least two. */
  classes: number;
  cell: CellKind;
  /** Layers of the encoder, each read both ways. */
  numLayers: number;
  /** Width of the embeddings. */
  dEmbedding: number;
  /** Width of the states of each direction. */
  hiddenSize: number;
  /** Whether the states are weighted by attention, or only the last of them are used. */
  pooling: "attention" | "final";
  /** Whether attention covers what fills a text up to `maxLength`, as where a Keras program masks the layers alone. Default: no. */
  attendPadding?: boolean;
  /** Width inside the attention; without it, not used. */
  attentionUnits: number;
  /** Width of the layer before the output. */
  denseUnits: number;
  /** Dropout on what each recurrent layer reads. */
  dropout: number;
  /** Dropout before the output. */
  denseDropout: number;
  /** Longest text in tokens. */
  maxLength: number;
}

/**
 * Judges texts: recurrent layers both ways, Bahdanau's attention over the states of the last with its final state as
 * query, a dense layer and the output. It shows which words it looked at (after Yang et al. 2016, who learn the query).
 */
export class AttentionClassifier extends Module implements Classifier {
  readonly embedding: Embedding;
  readonly encoder: Recurrent;
  readonly attention?: AttentionPooling;
  readonly head: ClassifierHead;
  readonly classes: number;
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly attendsToPadding: boolean;

  constructor(options: AttentionClassifierOptions) {
    super();
    const { vocabularySize, dEmbedding, hiddenSize, cell, numLayers } = options;
    this.classes = options.classes;
    this.vocabularySize = options.vocabularySize;
    this.maxLength = options.maxLength;
    this.attendsToPadding = options.pooling === "attention" && options.attendPadding === true;
    this.embedding = new Embedding(vocabularySize, dEmbedding);
    this.encoder = new Recurrent({
      cell,
      numLayers,
      inputSize: dEmbedding,
      hiddenSize,
      bidirectional: true,
      dropout: options.dropout,
    });
    if (options.pooling === "attention") this.attention = new AttentionPooling(2 * hiddenSize, options.attentionUnits);
    this.head = new ClassifierHead(2 * hiddenSize, options);
  }

  classify(source: SourceTensors): Classified {
    const text = this.attendsToPadding ? withoutFirst(source) : source;
    const { states, final } = this.encoder.apply(this.embedding.apply(transpose(text.ids)), text.lengths);
    const [last] = final[final.length - 1];
    if (this.attention === undefined) return { logits: this.head.apply(last), attention: {}, parts: {} };
    const read = transpose(states, [1, 0, 2]);
    const { context, weights, parts } = this.attendsToPadding
      ? this.#withPadding(this.attention, last, read, source.lengths)
      : this.attention.apply(last, read, text.lengths);
    return { logits: this.head.apply(context), attention: { pooling: weights }, parts };
  }

  /**
   * Attention over a text and the padding before it. Padding changes no state, so all n padded places share one (forward:
   * zero; backward: the final one). In a softmax n copies equal one copy with ln n added to its score.
   */
  #withPadding(attention: AttentionPooling, last: Tensor, states: Tensor, lengths: Tensor) {
    const [batch, words, width] = states.shape;
    const half = (width as number) / 2;
    const padding = pad(slice(last, 1, half, width), 1, half, 0);
    const counts = Float32Array.from({ length: this.maxLength + 2 }, (_, length) => this.maxLength + 1 - length);
    const logCounts = constant(
      "float32",
      [counts.length],
      counts.map((count) => (count > 0 ? Math.log(count) : FORBIDDEN)),
    );
    const bias = pad(reshape(gather(logCounts, lengths), [batch, 1, 1]), 2, 0, words);
    return attention.apply(last, concat([reshape(padding, [batch, 1, width]), states], 1), lengths, bias);
  }
}

/** Texts without the token that each begins with. */
function withoutFirst({ ids, lengths }: SourceTensors): SourceTensors {
  const [, time] = ids.shape;
  return { ids: slice(ids, 1, 1, time), lengths: add(lengths, constant("int32", [], Int32Array.of(-1))) };
}
