import { expand, reshape } from "../graph/broadcast.ts";
import { productOf, sumOf } from "../graph/dimension.ts";
import { dropout } from "../graph/dropout.ts";
import { add, multiply, subtract } from "../graph/elementwise.ts";
import { gather } from "../graph/gather.ts";
import { matmul, transpose } from "../graph/product.ts";
import { range } from "../graph/range.ts";
import { reverseSequences } from "../graph/reverse.ts";
import { scan } from "../graph/scan.ts";
import { less, where } from "../graph/select.ts";
import { concat, split } from "../graph/slice.ts";
import { constant, scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { CELLS, type Cell, type CellKind } from "./cells.ts";
import { constantly, glorotUniform, type Initializer, orthogonal } from "./initializers.ts";
import { linear } from "./linear.ts";
import { Module, Parameter } from "./module.ts";

/** What a recurrent layer gives. */
export interface RecurrentStates {
  /** Hidden states `[time, batch, directions · hidden]`, forward and backward side by side; zero at padding. */
  readonly states: Tensor;
  /**
   * The states after the last real element of each sequence, `[directions, batch, hidden]` each: hidden, and for an
   * LSTM cell.
   */
  readonly final: readonly Tensor[];
}

/** The weights of one cell in one direction. */
export class CellWeights extends Module {
  /** W, `[gates · hidden, input]` */
  readonly inputWeight: Parameter;
  /** U, `[gates · hidden, hidden]` */
  readonly hiddenWeight: Parameter;
  /** b, `[gates · hidden]` */
  readonly bias: Parameter;
  /** `[hidden]`; of a GRU only. */
  readonly candidateBias?: Parameter;

  constructor({ gates, rememberingGate, candidateBias }: Cell, inputSize: number, hiddenSize: number) {
    super();
    const width = gates * hiddenSize;
    this.inputWeight = new Parameter([width, inputSize], glorotUniform(inputSize, width));
    this.hiddenWeight = new Parameter([width, hiddenSize], orthogonal());
    this.bias = new Parameter([width], remembering(rememberingGate, hiddenSize));
    if (candidateBias) this.candidateBias = new Parameter([hiddenSize], constantly(0));
  }

  /** `W x + b` for all elements at once. */
  fromInput(x: Tensor): Tensor {
    return linear(x, this.inputWeight.tensor, this.bias.tensor);
  }
}

/** One recurrent layer over padded sequences, forward or both ways. Padding changes no state. */
export class RecurrentLayer extends Module {
  readonly forward: CellWeights;
  readonly backward?: CellWeights;
  readonly #cell: Cell;
  readonly #hiddenSize: number;

  constructor(kind: CellKind, inputSize: number, hiddenSize: number, options: { bidirectional?: boolean } = {}) {
    super();
    this.#cell = CELLS[kind];
    this.#hiddenSize = hiddenSize;
    this.forward = new CellWeights(this.#cell, inputSize, hiddenSize);
    if (options.bidirectional === true) this.backward = new CellWeights(this.#cell, inputSize, hiddenSize);
  }

  /**
   * @param x `[time, batch, input]`
   * @param lengths int32 `[batch]`, the real elements of each sequence, at least one
   * @param initial as {@link RecurrentStates.final}. Default: zeros
   */
  apply(x: Tensor, lengths: Tensor, initial?: readonly Tensor[]): RecurrentStates {
    const [time, batch] = x.shape;
    const directions = this.backward === undefined ? [this.forward] : [this.forward, this.backward];
    const count = directions.length;
    // A backward cell reads each sequence from its own end, so that both meet padding after all that is real, and what
    // they make of it can be dropped. Side by side they are one recurrence.
    const gates = this.#cell.gates * this.#hiddenSize;
    const projected = directions.map((weights, d) =>
      reshape(weights.fromInput(d === 0 ? x : reverseSequences(x, lengths)), [time, 1, batch, gates]),
    );
    const recurrent = stackOf(directions.map(({ hiddenWeight }) => transpose(hiddenWeight.tensor)));
    const biases = directions.map(({ candidateBias }) => candidateBias?.tensor);
    const candidateBias =
      biases[0] === undefined ? undefined : reshape(stackOf(biases as Tensor[]), [count, 1, this.#hiddenSize]);
    const zeros = expand(scalar(0), [count, batch, this.#hiddenSize]);
    const { outputs } = scan(
      (states, [fromInput]) => {
        const next = this.#cell.step(fromInput, matmul(states[0], recurrent), states, candidateBias);
        return { carries: next, outputs: next };
      },
      initial ?? Array<Tensor>(this.#cell.states).fill(zeros),
      [concat(projected, 1)],
    );
    const hidden = split(outputs[0], 1, Array<number>(count).fill(1)).map((one, d) => {
      const states = reshape(one, [time, batch, this.#hiddenSize]);
      return d === 0 ? states : reverseSequences(states, lengths);
    });
    return {
      states: whereReal(concat(hidden, 2), lengths),
      final: outputs.map((states) => lastOf(states, lengths)),
    };
  }
}

/** Several recurrent layers, each over the states of the one before, with dropout between. */
export class Recurrent extends Module {
  readonly layers: readonly RecurrentLayer[];
  readonly #rate: number;

  constructor(options: {
    cell: CellKind;
    numLayers: number;
    inputSize: number;
    hiddenSize: number;
    bidirectional?: boolean;
    dropout?: number;
  }) {
    super();
    const { cell, numLayers, inputSize, hiddenSize, bidirectional = false } = options;
    const width = bidirectional ? 2 * hiddenSize : hiddenSize;
    this.layers = Array.from(
      { length: numLayers },
      (_, i) => new RecurrentLayer(cell, i === 0 ? inputSize : width, hiddenSize, { bidirectional }),
    );
    this.#rate = options.dropout ?? 0;
  }

  /**
   * @param x `[time, batch, input]`
   * @param lengths int32 `[batch]`
   * @returns the states of the last layer, and the final states of each
   */
  apply(x: Tensor, lengths: Tensor): { states: Tensor; final: readonly (readonly Tensor[])[] } {
    const final: (readonly Tensor[])[] = [];
    let states = x;
    this.layers.forEach((layer, i) => {
      const result = layer.apply(i === 0 ? states : dropout(states, this.#rate), lengths);
      states = result.states;
      final.push(result.final);
    });
    return { states, final };
  }
}

/** `x [time, batch, width]` with zeros at padding. */
function whereReal(x: Tensor, lengths: Tensor): Tensor {
  const [time, batch] = x.shape;
  const real = less(reshape(range(0, time), [time, 1]), reshape(lengths, [1, batch]));
  return where(reshape(real, [time, batch, 1]), x, scalar(0));
}

/** Of `[time, directions, batch, hidden]` the element at the last real time of each sequence. */
function lastOf(states: Tensor, lengths: Tensor): Tensor {
  const [time, directions, batch, hidden] = states.shape;
  const rows = reshape(states, [productOf([time, directions, batch]), hidden]);
  // Row (length − 1) · directions · batch + direction · batch + sequence.
  const stride = productOf([directions, batch]);
  const lastTime = reshape(subtract(lengths, constant("int32", [1], Int32Array.of(1))), [1, batch]);
  const first = reshape(range(0, stride), [directions, batch]);
  return gather(rows, add(multiply(lastTime, range(stride, sumOf(stride, 1))), first));
}

/** `[count, ...]` */
function stackOf(tensors: readonly Tensor[]): Tensor {
  return concat(
    tensors.map((tensor) => reshape(tensor, [1, ...tensor.shape])),
    0,
  );
}

function remembering(gate: number | undefined, hiddenSize: number): Initializer {
  return (_, values) => {
    values.fill(0);
    if (gate !== undefined) values.fill(1, gate * hiddenSize, (gate + 1) * hiddenSize);
  };
}
