import { expand, reshape } from "../graph/broadcast.ts";
import { productOf } from "../graph/dimension.ts";
import { dropout } from "../graph/dropout.ts";
import { add, multiply, tanh } from "../graph/elementwise.ts";
import { gather } from "../graph/gather.ts";
import { matmul, transpose } from "../graph/product.ts";
import { scan } from "../graph/scan.ts";
import { concat, slice } from "../graph/slice.ts";
import { scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Attended, additiveAttention, luongAttention } from "../nn/attention.ts";
import type { CellKind } from "../nn/cells.ts";
import { Embedding } from "../nn/embedding.ts";
import { glorotUniform } from "../nn/initializers.ts";
import { Linear, linear } from "../nn/linear.ts";
import { paddingMask } from "../nn/masks.ts";
import { Module, Parameter } from "../nn/module.ts";
import { Recurrent } from "../nn/recurrent.ts";
import { RecurrentCell } from "../nn/recurrent-cell.ts";
import type { Begun, Seq2SeqModel, SourceTensors, State, Stepped } from "./seq2seq.ts";
import { stateOutputs } from "./state.ts";

/** How the decoder looks at the source: not at all but for the last state, or by one of three scores. */
export type RecurrentAttention = "none" | "dot" | "general" | "bahdanau";

/** Sizes and choices of a recurrent encoder-decoder. */
export interface RecurrentSeq2SeqOptions {
  vocabularySize: number;
  cell: CellKind;
  /** Layers of the encoder, and as many of the decoder. */
  numLayers: number;
  dEmbedding: number;
  /** Width of the states; of an encoder that reads both ways, half for each direction. */
  hiddenSize: number;
  bidirectional: boolean;
  attention: RecurrentAttention;
  /** Units of Bahdanau's score. */
  attentionUnits?: number;
  dropout: number;
  /** Longest source or target in tokens. */
  maxLength: number;
}

/**
 * A recurrent encoder and a recurrent decoder that begins with the encoder's last state (Sutskever et al. 2014), with
 * or without attention. Luong's attention looks with the state just made, and what it finds joins that state on the
 * way to the output (Luong et al. 2015, §3); Bahdanau's looks with the state before, and what it finds joins the input
 * (Bahdanau et al. 2015, §3).
 */
export class RecurrentSeq2Seq extends Module implements Seq2SeqModel {
  readonly sourceEmbedding: Embedding;
  readonly targetEmbedding: Embedding;
  readonly encoder: Recurrent;
  readonly decoder: RecurrentDecoder;
  readonly output: Linear;
  readonly #options: RecurrentSeq2SeqOptions;

  /** @throws when an encoder that reads both ways cannot halve hiddenSize */
  constructor(options: RecurrentSeq2SeqOptions) {
    super();
    const { vocabularySize, dEmbedding, cell, numLayers, hiddenSize, bidirectional } = options;
    if (bidirectional && hiddenSize % 2 !== 0) {
      throw new Error(`recurrent: an encoder that reads both ways wants an even hiddenSize; got ${hiddenSize}`);
    }
    this.#options = options;
    this.sourceEmbedding = new Embedding(vocabularySize, dEmbedding);
    this.targetEmbedding = new Embedding(vocabularySize, dEmbedding);
    this.encoder = new Recurrent({
      cell,
      numLayers,
      inputSize: dEmbedding,
      hiddenSize: bidirectional ? hiddenSize / 2 : hiddenSize,
      bidirectional,
      dropout: options.dropout,
    });
    this.decoder = new RecurrentDecoder(options);
    this.output = new Linear(hiddenSize, vocabularySize);
  }

  get vocabularySize(): number {
    return this.#options.vocabularySize;
  }

  get maxLength(): number {
    return this.#options.maxLength;
  }

  teach(source: SourceTensors, target: Tensor, positions: Tensor): Tensor {
    const { memory, start } = this.#encode(source);
    const { hidden } = this.#decode(target, memory, start);
    const rows = reshape(hidden, [productOf(hidden.shape.slice(0, 2)), this.#options.hiddenSize]);
    return this.output.apply(gather(rows, positions));
  }

  begin(source: SourceTensors): Begun {
    const { memory, start } = this.#encode(source);
    return { memory: { ...memory }, carried: named(start), attention: {}, parts: {} };
  }

  step(tokens: Tensor, memory: State, carried: State): Stepped {
    const { hidden, last, weights, parts } = this.#decode(tokens, memory as unknown as Memory, this.#unnamed(carried));
    const [batch, time] = tokens.shape;
    const attention =
      weights === undefined ? undefined : reshape(weights, [batch, 1, time, weights.shape[weights.rank - 1]]);
    return {
      logits: this.output.apply(hidden),
      carried: named(last),
      attention: attention === undefined ? {} : { "cross.0": attention },
      parts: stateOutputs("cross.0", parts),
    };
  }

  /** What the encoder read, and the states that the decoder begins with. */
  #encode({ ids, lengths }: SourceTensors): { memory: Memory; start: readonly (readonly Tensor[])[] } {
    const timeFirst = this.sourceEmbedding.apply(transpose(ids));
    const { states, final } = this.encoder.apply(timeFirst, lengths);
    const values = transpose(states, [1, 0, 2]);
    return { memory: { lengths, values, keys: this.decoder.keysOf(values) }, start: final };
  }

  /** @returns hidden `[batch, time, hidden]`, the last states, and weights `[batch, time, source]` */
  #decode(tokens: Tensor, memory: Memory, start: readonly (readonly Tensor[])[]) {
    const timeFirst = this.targetEmbedding.apply(transpose(tokens));
    return this.decoder.apply(dropout(timeFirst, this.#options.dropout), memory, start);
  }

  #unnamed(carried: State): readonly (readonly Tensor[])[] {
    return this.decoder.layers.map(({ numStates }, layer) =>
      Array.from({ length: numStates }, (_, i) => carried[stateName(i, layer)]),
    );
  }
}

/** What a decoder attends to. */
interface Memory {
  /** int32 `[batch]` */
  readonly lengths: Tensor;
  /** `[batch, source, hidden]` */
  readonly values: Tensor;
  /** The values, projected as the score wants them. */
  readonly keys: Tensor;
}

/** What a decoder makes of its inputs. */
interface Decoded {
  /** `[batch, time, hidden]` */
  readonly hidden: Tensor;
  readonly last: readonly (readonly Tensor[])[];
  /** `[batch, time, source]`; without attention there are none. */
  readonly weights?: Tensor;
  /** What the weights are made from, see {@link Stepped.parts}. */
  readonly parts: State;
}

/** The decoder's layers and its attention. */
class RecurrentDecoder extends Module {
  readonly layers: readonly RecurrentCell[];
  /** W₁ on keys, W₂ on the query, v on their sum (Bahdanau). */
  readonly keyProjection?: Linear;
  readonly queryProjection?: Linear;
  readonly scoring?: Parameter;
  /** W of the score sᵀWh (Luong's general). */
  readonly generalWeight?: Parameter;
  /** W_c of tanh(W_c [context; s]) (Luong). */
  readonly combination?: Linear;
  readonly #options: RecurrentSeq2SeqOptions;

  constructor(options: RecurrentSeq2SeqOptions) {
    super();
    const { cell, numLayers, dEmbedding, hiddenSize, attention, attentionUnits: units = hiddenSize } = options;
    this.#options = options;
    const first = attention === "bahdanau" ? hiddenSize + dEmbedding : dEmbedding;
    this.layers = Array.from(
      { length: numLayers },
      (_, i) => new RecurrentCell(cell, i === 0 ? first : hiddenSize, hiddenSize),
    );
    if (attention === "bahdanau") {
      this.keyProjection = new Linear(hiddenSize, units);
      this.queryProjection = new Linear(hiddenSize, units);
      this.scoring = new Parameter([units], glorotUniform(units, 1));
    }
    if (attention === "general") {
      this.generalWeight = new Parameter([hiddenSize, hiddenSize], glorotUniform(hiddenSize, hiddenSize));
    }
    if (attention === "dot" || attention === "general") this.combination = new Linear(2 * hiddenSize, hiddenSize);
  }

  /** `[batch, source, hidden]` as the score wants it. */
  keysOf(values: Tensor): Tensor {
    return this.keyProjection?.apply(values) ?? values;
  }

  /** @param x `[time, batch, embedding]` */
  apply(x: Tensor, memory: Memory, start: readonly (readonly Tensor[])[]): Decoded {
    return this.#options.attention === "bahdanau"
      ? this.#lookBefore(x, memory, start)
      : this.#lookAfter(x, memory, start);
  }

  /** The recurrence first, layer by layer; then every state looks at the source at once. */
  #lookAfter(x: Tensor, memory: Memory, start: readonly (readonly Tensor[])[]): Decoded {
    const last: (readonly Tensor[])[] = [];
    let states = x;
    this.layers.forEach((cell, i) => {
      const result = cell.run(i === 0 ? states : dropout(states, this.#options.dropout), start[i]);
      states = result.states[0];
      last.push(result.last);
    });
    const hidden = transpose(states, [1, 0, 2]);
    if (this.combination === undefined) return { hidden, last, parts: {} };
    const { context, weights } = this.#look(hidden, memory);
    const turned = this.generalWeight && { query: matmul(hidden, this.generalWeight.tensor) };
    const parts = { state: hidden, ...turned, values: memory.values };
    return { hidden: tanh(this.combination.apply(concat([context, hidden], 2))), last, weights, parts };
  }

  /** Each step looks with the state before it; what it finds is part of its input. */
  #lookBefore(x: Tensor, memory: Memory, start: readonly (readonly Tensor[])[]): Decoded {
    const [time, batch] = x.shape;
    const { hiddenSize, dEmbedding, dropout: rate } = this.#options;
    const [first, ...rest] = this.layers;
    // A mask made inside the step would be the same at every step.
    const kept = rate === 0 ? [] : rest.map(() => dropout(expand(scalar(1), [time, batch, hiddenSize]), rate));
    // W [context; x] = W_c context + W_x x, of which the second is one product for all steps.
    const weight = first.inputWeight.tensor;
    const fromContext = transpose(slice(weight, 1, 0, hiddenSize));
    const fromX = linear(x, slice(weight, 1, hiddenSize, hiddenSize + dEmbedding), first.bias.tensor);
    const { carries, outputs } = scan(
      (states, [xt, ...keptNow]) => {
        let remaining = states;
        const take = (cell: RecurrentCell) => {
          const own = remaining.slice(0, cell.numStates);
          remaining = remaining.slice(cell.numStates);
          return own;
        };
        const before = states[states.length - first.numStates];
        const { context, weights } = this.#look(reshape(before, [batch, 1, hiddenSize]), memory);
        const found = matmul(reshape(context, [batch, hiddenSize]), fromContext);
        const next = [first.step(add(xt, found), take(first))];
        for (const [i, cell] of rest.entries()) {
          const [below] = next[next.length - 1];
          const read = rate === 0 ? below : multiply(below, keptNow[i]);
          next.push(cell.step(cell.fromInput(read), take(cell)));
        }
        return {
          carries: next.flat(),
          outputs: [next[next.length - 1][0], reshape(weights, [batch, weights.shape[2]])],
        };
      },
      start.flat(),
      [fromX, ...kept],
    );
    const hidden = transpose(outputs[0], [1, 0, 2]);
    const begun = reshape(start[start.length - 1][0], [batch, 1, hiddenSize]);
    const state = slice(concat([begun, hidden], 1), 1, 0, time);
    return {
      hidden,
      last: this.layers.map(({ numStates }, i) => carries.slice(i * numStates, (i + 1) * numStates)),
      weights: transpose(outputs[1], [1, 0, 2]),
      parts: { state, query: this.queryProjection!.apply(state), keys: memory.keys, values: memory.values },
    };
  }

  /** @param query `[batch, time, hidden]` */
  #look(query: Tensor, { lengths, keys, values }: Memory): Attended {
    const [batch, source] = keys.shape;
    const mask = reshape(paddingMask(lengths, source), [batch, 1, source]);
    if (this.queryProjection === undefined) {
      return luongAttention(query, keys, values, mask, this.generalWeight?.tensor);
    }
    return additiveAttention(this.queryProjection.apply(query), keys, values, this.scoring!.tensor, mask);
  }
}

const STATE_NAMES = ["hidden", "cell"];

function stateName(state: number, layer: number): string {
  return `${STATE_NAMES[state]}.${layer}`;
}

function named(layers: readonly (readonly Tensor[])[]): State {
  return Object.fromEntries(
    layers.flatMap((states, layer) => states.map((state, i) => [stateName(i, layer), state] as const)),
  );
}
