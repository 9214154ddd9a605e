import { expand } from "../graph/broadcast.ts";
import { matmul, transpose } from "../graph/product.ts";
import { scan } from "../graph/scan.ts";
import { scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { CELLS, type Cell, type CellKind } from "./cells.ts";
import { constantly, glorotUniform, type Initializer, orthogonal } from "./initializers.ts";
import { linear } from "./linear.ts";
import { Module, Parameter } from "./module.ts";

/** A recurrent cell with its weights. */
export class RecurrentCell extends Module {
  /** W, `[gates · hidden, input]` */
  readonly inputWeight: Parameter;
  /** U, `[gates · hidden, hidden]` */
  readonly hiddenWeight: Parameter;
  /** b, `[gates · hidden]` */
  readonly bias: Parameter;
  /** `[hidden]`; of a GRU only. */
  readonly candidateBias?: Parameter;
  readonly #cell: Cell;
  readonly #hiddenSize: number;

  constructor(kind: CellKind, inputSize: number, hiddenSize: number) {
    super();
    this.#cell = CELLS[kind];
    this.#hiddenSize = hiddenSize;
    const { gates, rememberingGate, candidateBias } = this.#cell;
    const width = gates * hiddenSize;
    this.inputWeight = new Parameter([width, inputSize], glorotUniform(inputSize, width));
    this.hiddenWeight = new Parameter([width, hiddenSize], orthogonal());
    this.bias = new Parameter([width], remembering(rememberingGate, hiddenSize));
    if (candidateBias) this.candidateBias = new Parameter([hiddenSize], constantly(0));
  }

  /** How many states there are: hidden, and for an LSTM cell. */
  get numStates(): number {
    return this.#cell.states;
  }

  /** Zeros, `[batch, hidden]` each. */
  start(batch: Tensor["shape"][number]): readonly Tensor[] {
    return Array<Tensor>(this.numStates).fill(expand(scalar(0), [batch, this.#hiddenSize]));
  }

  /**
   * `W x + b`, of all elements at once.
   *
   * @param x `[..., input]`
   * @returns `[..., gates · hidden]`
   */
  fromInput(x: Tensor): Tensor {
    return linear(x, this.inputWeight.tensor, this.bias.tensor);
  }

  /**
   * One step.
   *
   * @param fromInput `[batch, gates · hidden]`
   * @param states `[batch, hidden]` each
   * @returns the next states
   */
  step(fromInput: Tensor, states: readonly Tensor[]): readonly Tensor[] {
    const fromState = matmul(states[0], transpose(this.hiddenWeight.tensor));
    return this.#cell.step(fromInput, fromState, states, this.candidateBias?.tensor);
  }

  /**
   * All steps, from the first to the last.
   *
   * @param x `[time, batch, input]`
   * @returns all states, `[time, batch, hidden]` each, and the last ones
   */
  run(x: Tensor, initial = this.start(x.shape[1])): { states: readonly Tensor[]; last: readonly Tensor[] } {
    const { outputs, carries } = scan(
      (states, [fromInput]) => {
        const next = this.step(fromInput, states);
        return { carries: next, outputs: next };
      },
      initial,
      [this.fromInput(x)],
    );
    return { states: outputs, last: carries };
  }
}

function remembering(gate: number | undefined, hiddenSize: number): Initializer {
  return (_, values) => {
    values.fill(0);
    if (gate !== undefined) values.fill(1, gate * hiddenSize, (gate + 1) * hiddenSize);
  };
}
