import { expand, reshape } from "../graph/broadcast.ts";
import { type Dimension, productOf, sumOf } from "../graph/dimension.ts";
import { dropout } from "../graph/dropout.ts";
import { add, scale, subtract } from "../graph/elementwise.ts";
import { gather } from "../graph/gather.ts";
import { range } from "../graph/range.ts";
import { scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type HeadsAttended, type KeysAndValues, MultiHeadAttention } from "../nn/attention.ts";
import { Embedding } from "../nn/embedding.ts";
import { type Activation, FeedForward } from "../nn/feed-forward.ts";
import { constantly, glorotUniform, normal } from "../nn/initializers.ts";
import { linear } from "../nn/linear.ts";
import { decoderMask, paddingMask } from "../nn/masks.ts";
import { Module, Parameter } from "../nn/module.ts";
import { LayerNorm } from "../nn/norm.ts";
import { Positions } from "../nn/positions.ts";
import { type NormPlacement, Residual } from "../nn/residual.ts";
import { joined, named, unnamed } from "./keys-and-values.ts";
import type { Begun, Seq2SeqModel, SourceTensors, State, Stepped } from "./seq2seq.ts";
import { stateOutputs } from "./state.ts";

/** Sizes and choices of a Transformer. */
export interface TransformerOptions {
  vocabularySize: number;
  /** Layers of the encoder, and as many of the decoder (N). */
  numLayers: number;
  /** Width of every layer (d_model). */
  dModel: number;
  /** Attention heads (h); they divide dModel. */
  numHeads: number;
  /** Width inside the feed-forward network (d_ff). */
  dFeedForward: number;
  /** Dropout on embeddings and on each sublayer's output (P_drop). */
  dropout: number;
  /** Dropout on the output of the decoder's masked self-attention. Default: `dropout`. The study notes have none there. */
  maskedAttentionDropout?: number;
  /** Longest source or target in tokens. */
  maxLength: number;
  /** Where layer normalisation stands. Default: `post`, as in the paper. */
  norm?: NormPlacement;
  /** What layer normalisation adds to the variance. Default: 1e-6. */
  normEpsilon?: number;
  /** Inside the feed-forward network. Default: `relu`, as in the paper. */
  activation?: Activation;
  /** Which tables are one: none, target and output, or source too (§3.4). Default: `none`. */
  tiedEmbeddings?: "none" | "target" | "all";
  /** What tells where a word stands. Default: sinusoids (§3.5). */
  positions?: Positions;
}

/** A layer of the encoder: self-attention and feed-forward (§3.1). */
export class EncoderLayer extends Module {
  readonly selfAttention: MultiHeadAttention;
  readonly selfAttentionResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;

  constructor(options: TransformerOptions) {
    super();
    const { dModel, numHeads, dFeedForward, dropout: rate, norm = "post", normEpsilon: epsilon } = options;
    this.selfAttention = new MultiHeadAttention(dModel, numHeads);
    this.selfAttentionResidual = new Residual(dModel, { dropout: rate, norm, epsilon });
    this.feedForward = new FeedForward(dModel, dFeedForward, options.activation);
    this.feedForwardResidual = new Residual(dModel, { dropout: rate, norm, epsilon });
  }

  /**
   * @param mask bool, broadcastable to `[batch, heads, source, source]`; true where attention is allowed
   * @returns y, of the shape of `x`, `[batch, source, dModel]`; and the attention
   */
  apply(x: Tensor, mask: Tensor): { y: Tensor; self: HeadsAttended } {
    let self!: HeadsAttended;
    const attended = this.selfAttentionResidual.around(x, (inner) => {
      self = this.selfAttention.attend(inner, this.selfAttention.keysAndValues(inner), mask);
      return self.context;
    });
    return { y: this.feedForwardResidual.around(attended, (inner) => this.feedForward.apply(inner)), self };
  }
}

/** A layer of the decoder: masked self-attention, attention to the encoder's output, and feed-forward (§3.1). */
export class DecoderLayer extends Module {
  readonly selfAttention: MultiHeadAttention;
  readonly selfAttentionResidual: Residual;
  readonly crossAttention: MultiHeadAttention;
  readonly crossAttentionResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;

  constructor(options: TransformerOptions) {
    super();
    const { dModel, numHeads, dFeedForward, dropout: rate, maskedAttentionDropout = rate } = options;
    const { norm = "post", normEpsilon: epsilon } = options;
    this.selfAttention = new MultiHeadAttention(dModel, numHeads);
    this.selfAttentionResidual = new Residual(dModel, { dropout: maskedAttentionDropout, norm, epsilon });
    this.crossAttention = new MultiHeadAttention(dModel, numHeads);
    this.crossAttentionResidual = new Residual(dModel, { dropout: rate, norm, epsilon });
    this.feedForward = new FeedForward(dModel, dFeedForward, options.activation);
    this.feedForwardResidual = new Residual(dModel, { dropout: rate, norm, epsilon });
  }

  /**
   * @param x `[batch, time, dModel]`
   * @param memory keys and values of the encoder's output
   * @param masks bool, broadcastable to `[batch, heads, time, key]`; true where attention is allowed. Keys of `self` are
   *   those of `past`, then those of `x`; without it all are allowed
   * @param past keys and values of the positions before `x`, if there are any
   * @returns y `[batch, time, dModel]`; keys and values of `past` and `x`; the attention to them and to the memory
   */
  apply(x: Tensor, memory: KeysAndValues, masks: { self?: Tensor; cross: Tensor }, past?: KeysAndValues) {
    let self!: HeadsAttended;
    let cross!: HeadsAttended;
    let seen!: KeysAndValues;
    const attended = this.selfAttentionResidual.around(x, (inner) => {
      const own = this.selfAttention.keysAndValues(inner);
      seen = past === undefined ? own : joined(past, own);
      self = this.selfAttention.attend(inner, seen, masks.self);
      return self.context;
    });
    const informed = this.crossAttentionResidual.around(attended, (inner) => {
      cross = this.crossAttention.attend(inner, memory, masks.cross);
      return cross.context;
    });
    const y = this.feedForwardResidual.around(informed, (inner) => this.feedForward.apply(inner));
    return { y, seen, self, cross };
  }
}

/** The encoder-decoder Transformer of "Attention Is All You Need" (Vaswani et al. 2017). */
export class Transformer extends Module implements Seq2SeqModel {
  readonly sourceEmbedding: Embedding;
  readonly targetEmbedding: Embedding;
  readonly encoder: Stack<EncoderLayer>;
  readonly decoder: Stack<DecoderLayer>;
  readonly output: Output;
  readonly #options: TransformerOptions;
  readonly #positions: Positions;

  /** @throws when numHeads do not divide dModel */
  constructor(options: TransformerOptions) {
    super();
    const { vocabularySize, dModel, maxLength, tiedEmbeddings: tied = "none" } = options;
    this.#options = options;
    this.#positions = options.positions ?? new Positions(maxLength, dModel);
    // A table that is the output projection too must give logits of a sensible size.
    const forOutput = normal(dModel ** -0.5);
    this.sourceEmbedding = new Embedding(vocabularySize, dModel, tied === "all" ? forOutput : undefined);
    this.targetEmbedding =
      tied === "all"
        ? this.sourceEmbedding
        : new Embedding(vocabularySize, dModel, tied === "target" ? forOutput : undefined);
    this.encoder = new Stack(options, () => new EncoderLayer(options));
    this.decoder = new Stack(options, () => new DecoderLayer(options));
    this.output = new Output(options, tied === "none" ? undefined : this.targetEmbedding);
  }

  get vocabularySize(): number {
    return this.#options.vocabularySize;
  }

  get maxLength(): number {
    return this.#options.maxLength;
  }

  teach(source: SourceTensors, target: Tensor, positions: Tensor): Tensor {
    const mask = paddingMask(source.lengths, source.ids.shape[1]);
    const { y: encoded } = this.encode(source, mask);
    const { hidden } = this.#decode(
      target,
      this.decoder.layers.map((layer) => layer.crossAttention.keysAndValues(encoded)),
      mask,
    );
    // Only real positions reach the output projection, the largest product of a small model.
    const rows = reshape(hidden, [productOf(hidden.shape.slice(0, 2)), this.#options.dModel]);
    return this.#project(gather(rows, positions));
  }

  /**
   * The encoder's output.
   *
   * @returns y `[batch, source, dModel]` and the attention of each layer
   */
  encode(source: SourceTensors, mask = paddingMask(source.lengths, source.ids.shape[1])) {
    const self: HeadsAttended[] = [];
    let y = this.#embed(this.sourceEmbedding, source.ids, 0);
    for (const layer of this.encoder.layers) {
      const result = layer.apply(y, mask);
      y = result.y;
      self.push(result.self);
    }
    return { y: this.encoder.norm?.apply(y) ?? y, self };
  }

  begin(source: SourceTensors): Begun {
    const mask = paddingMask(source.lengths, source.ids.shape[1]);
    const { y, self } = this.encode(source, mask);
    const { numHeads, dModel } = this.#options;
    const [batch] = source.ids.shape;
    const none = expand(scalar(0), [batch, numHeads, 0, dModel / numHeads]);
    const memory: Record<string, Tensor> = { mask };
    const carried: Record<string, Tensor> = {};
    this.decoder.layers.forEach((layer, i) => {
      Object.assign(memory, named(i, layer.crossAttention.keysAndValues(y)));
      Object.assign(carried, named(i, { keys: none, values: none }));
    });
    return { memory, carried, attention: byLayer("encoder", self), parts: partsByLayer("encoder", self) };
  }

  step(tokens: Tensor, memory: State, carried: State, absent?: Tensor): Stepped {
    const layers = this.decoder.layers.map((_, i) => i);
    const result = this.#decode(
      tokens,
      layers.map((i) => unnamed(i, memory)),
      memory.mask,
      { layers: layers.map((i) => unnamed(i, carried)), absent },
    );
    const seen: Record<string, Tensor> = {};
    result.seen.forEach((pair, i) => {
      Object.assign(seen, named(i, pair));
    });
    return {
      logits: this.#project(result.hidden),
      carried: seen,
      attention: { ...byLayer("decoder", result.self), ...byLayer("cross", result.cross) },
      parts: { ...partsByLayer("decoder", result.self), ...partsByLayer("cross", result.cross) },
    };
  }

  #decode(
    tokens: Tensor,
    memory: KeysAndValues[],
    cross: Tensor,
    past: { layers: KeysAndValues[]; absent?: Tensor } = { layers: [] },
  ) {
    const before = past.layers[0]?.keys.shape[2] ?? 0;
    const masks = { self: decoderMask(before, tokens.shape[1], past.absent), cross };
    const results: ReturnType<DecoderLayer["apply"]>[] = [];
    let y = this.#embed(this.targetEmbedding, tokens, before, past.absent);
    this.decoder.layers.forEach((layer, i) => {
      const result = layer.apply(y, memory[i], masks, past.layers[i]);
      results.push(result);
      y = result.y;
    });
    return {
      hidden: this.decoder.norm?.apply(y) ?? y,
      seen: results.map(({ seen }) => seen),
      self: results.map(({ self }) => self),
      cross: results.map((result) => result.cross),
    };
  }

  /** Embeddings times √dModel plus positional encodings, with dropout (§3.4, §3.5, §5.4). */
  #embed(embedding: Embedding, ids: Tensor, start: Dimension, absent?: Tensor): Tensor {
    const { dModel, dropout: rate } = this.#options;
    const [batch, time] = ids.shape;
    const end = sumOf(start, time);
    const positions =
      absent === undefined
        ? this.#positions.between(start, end)
        : reshape(this.#positions.at(subtract(range(start, end), absent)), [batch, 1, dModel]);
    return dropout(add(scale(embedding.apply(ids), Math.sqrt(dModel)), positions), rate);
  }

  #project(hidden: Tensor): Tensor {
    return linear(hidden, this.output.weight.tensor, this.output.bias.tensor);
  }
}

/** Layers, and the last normalisation that the pre-norm form needs. */
class Stack<Layer extends Module> extends Module {
  readonly layers: Layer[];
  readonly norm?: LayerNorm;

  constructor({ numLayers, dModel, norm, normEpsilon }: TransformerOptions, make: () => Layer) {
    super();
    this.layers = Array.from({ length: numLayers }, make);
    if (norm === "pre") this.norm = new LayerNorm(dModel, normEpsilon);
  }
}

/** The projection to the vocabulary; its table may be the target embedding's. */
class Output extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor({ vocabularySize, dModel }: TransformerOptions, tied?: Embedding) {
    super();
    this.weight = tied?.weight ?? new Parameter([vocabularySize, dModel], glorotUniform(dModel, vocabularySize));
    this.bias = new Parameter([vocabularySize], constantly(0));
  }
}

function byLayer(name: string, attended: readonly HeadsAttended[]): State {
  return Object.fromEntries(attended.map(({ weights }, layer) => [`${name}.${layer}`, weights]));
}

function partsByLayer(name: string, attended: readonly HeadsAttended[]): State {
  return Object.assign({}, ...attended.map(({ parts }, layer) => stateOutputs(`${name}.${layer}`, { ...parts })));
}
