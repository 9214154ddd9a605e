import { reshape } from "../graph/broadcast.ts";
import { productOf, sumOf } from "../graph/dimension.ts";
import { dropout } from "../graph/dropout.ts";
import { add, multiply, subtract } from "../graph/elementwise.ts";
import { gather } from "../graph/gather.ts";
import { range } from "../graph/range.ts";
import { reverseSequences } from "../graph/reverse.ts";
import { less, where } from "../graph/select.ts";
import { concat } from "../graph/slice.ts";
import { constant, scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { CellKind } from "./cells.ts";
import { Module } from "./module.ts";
import { RecurrentCell } from "./recurrent-cell.ts";

/** What a recurrent layer gives. */
export interface RecurrentStates {
  /** Hidden states `[time, batch, directions · hidden]`, forward and backward side by side; zero at padding. */
  readonly states: Tensor;
  /** After the last real element of each sequence: hidden, and for an LSTM cell, `[batch, directions · hidden]` each. */
  readonly final: readonly Tensor[];
}

/** Sizes and choices of a {@link RecurrentLayer}. */
export interface RecurrentOptions {
  cell: CellKind;
  /** Width of the elements. */
  inputSize: number;
  /** Width of the states of each direction. */
  hiddenSize: number;
  /** Whether sequences are read both ways. Default: no. */
  bidirectional?: boolean;
  /** Dropout on what a layer reads, from 0 to below 1, with one mask for both directions. Default: 0. */
  dropout?: number;
}

/** One recurrent layer over padded sequences, forward or both ways. Padding changes no state. */
export class RecurrentLayer extends Module {
  readonly forward: RecurrentCell;
  readonly backward?: RecurrentCell;
  readonly #rate: number;

  constructor({ cell, inputSize, hiddenSize, bidirectional = false, dropout: rate = 0 }: RecurrentOptions) {
    super();
    this.#rate = rate;
    this.forward = new RecurrentCell(cell, inputSize, hiddenSize);
    if (bidirectional) this.backward = new RecurrentCell(cell, inputSize, hiddenSize);
  }

  /**
   * @param x `[time, batch, input]`
   * @param lengths int32 `[batch]`, the real elements of each sequence, at least one
   */
  apply(x: Tensor, lengths: Tensor): RecurrentStates {
    const read = dropout(x, this.#rate);
    const forward = run(this.forward, read, lengths);
    if (this.backward === undefined) return forward;
    // Each sequence from its own end: so padding comes after all that is real, and what a cell makes of it is dropped.
    const backward = run(this.backward, reverseSequences(read, lengths), lengths);
    return {
      states: concat([forward.states, reverseSequences(backward.states, lengths)], 2),
      final: forward.final.map((states, i) => concat([states, backward.final[i]], 1)),
    };
  }
}

/** Several recurrent layers, each over the states of the one before, of both directions if there are two. */
export class Recurrent extends Module {
  readonly layers: readonly RecurrentLayer[];

  /** @param options `inputSize` is that of the first layer; `dropout` is on what each layer reads */
  constructor({ numLayers, ...options }: RecurrentOptions & { numLayers: number }) {
    super();
    const width = options.bidirectional === true ? 2 * options.hiddenSize : options.hiddenSize;
    this.layers = Array.from(
      { length: numLayers },
      (_, i) => new RecurrentLayer(i === 0 ? options : { ...options, inputSize: width }),
    );
  }

  /**
   * @param x `[time, batch, input]`
   * @param lengths int32 `[batch]`, the real elements of each sequence, at least one
   * @returns the states of the last layer, `[time, batch, directions · hidden]`, and the final states of each layer
   */
  apply(x: Tensor, lengths: Tensor): { states: Tensor; final: readonly (readonly Tensor[])[] } {
    const results: RecurrentStates[] = [];
    let states = x;
    for (const layer of this.layers) {
      const result = layer.apply(states, lengths);
      states = result.states;
      results.push(result);
    }
    return { states, final: results.map(({ final }) => final) };
  }
}

/** One direction over padded sequences. */
function run(cell: RecurrentCell, x: Tensor, lengths: Tensor): RecurrentStates {
  const { states } = cell.run(x);
  return { states: whereReal(states[0], lengths), final: states.map((one) => lastOf(one, lengths)) };
}

/** `x [time, batch, width]` with zeros at padding. */
function whereReal(x: Tensor, lengths: Tensor): Tensor {
  const [time, batch] = x.shape;
  const real = less(reshape(range(0, time), [time, 1]), reshape(lengths, [1, batch]));
  return where(reshape(real, [time, batch, 1]), x, scalar(0));
}

/** Of `x [time, batch, width]` the element at the last real time of each sequence, `[batch, width]`. */
function lastOf(x: Tensor, lengths: Tensor): Tensor {
  const [time, batch, width] = x.shape;
  const lastTime = subtract(lengths, constant("int32", [1], Int32Array.of(1)));
  const row = add(multiply(lastTime, range(batch, sumOf(batch, 1))), range(0, batch));
  return gather(reshape(x, [productOf([time, batch]), width]), row);
}
