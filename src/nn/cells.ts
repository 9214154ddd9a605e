import { add, multiply, sigmoid, subtract, tanh } from "../graph/elementwise.ts";
import { split } from "../graph/slice.ts";
import type { Tensor } from "../graph/tensor.ts";

export type CellKind = "rnn" | "lstm" | "gru";

/** How a recurrent network makes a state from the one before. */
export interface Cell {
  /** Vectors of hidden size that the products with input and state give. */
  readonly gates: number;
  /** Vectors of hidden size that are carried; the first is the hidden state, which is also the output. */
  readonly states: number;
  /** Which gate starts with a bias of one, so that at first everything is remembered (Jozefowicz et al. 2015). */
  readonly rememberingGate?: number;
  /** Whether the candidate's product with the state has a bias of its own, inside the reset gate. */
  readonly candidateBias: boolean;
  /**
   * @param fromInput `W x + b`, `[..., gates · hidden]`
   * @param fromState `U h`, the same shape
   * @param states as many as `states`, `[..., hidden]`
   * @param candidateBias `[..., hidden]`, if the cell has one
   * @returns the next states
   */
  step(fromInput: Tensor, fromState: Tensor, states: readonly Tensor[], candidateBias?: Tensor): readonly Tensor[];
}

/** h = tanh(W x + b + U h) (Elman 1990) */
const rnn: Cell = {
  gates: 1,
  states: 1,
  candidateBias: false,
  step: (fromInput, fromState) => [tanh(add(fromInput, fromState))],
};

/** Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000); gates i f g o. */
const lstm: Cell = {
  gates: 4,
  states: 2,
  rememberingGate: 1,
  candidateBias: false,
  step: (fromInput, fromState, [, cell]) => {
    const [i, f, g, o] = parts(add(fromInput, fromState), 4);
    const next = add(multiply(sigmoid(f), cell), multiply(sigmoid(i), tanh(g))); // c = σ(f)∘c + σ(i)∘tanh(g)
    return [multiply(sigmoid(o), tanh(next)), next];
  },
};

/** Gated recurrent unit (Cho et al. 2014), the reset gate after the product as in cuDNN; gates r z n. */
const gru: Cell = {
  gates: 3,
  states: 1,
  candidateBias: true,
  step: (fromInput, fromState, [hidden], candidateBias) => {
    const [xr, xz, xn] = parts(fromInput, 3);
    const [hr, hz, hn] = parts(fromState, 3);
    const reset = sigmoid(add(xr, hr));
    const update = sigmoid(add(xz, hz));
    const candidate = tanh(add(xn, multiply(reset, candidateBias === undefined ? hn : add(hn, candidateBias))));
    return [add(candidate, multiply(update, subtract(hidden, candidate)))]; // h = (1 − z)∘n + z∘h
  },
};

export const CELLS: Readonly<Record<CellKind, Cell>> = { rnn, lstm, gru };

function parts(x: Tensor, count: number): readonly Tensor[] {
  const width = x.shape[x.rank - 1] as number;
  return split(x, -1, Array<number>(count).fill(width / count));
}
