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

/** Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000); gates i f o g. */
const lstm: Cell = {
  gates: 4,
  states: 2,
  rememberingGate: 1,
  candidateBias: false,
  step: (fromInput, fromState, [, cell]) => {
    const [opening, candidate] = parts(add(fromInput, fromState), [3, 1]);
    const [i, f, o] = parts(sigmoid(opening), [1, 1, 1]);
    const next = add(multiply(f, cell), multiply(i, tanh(candidate))); // c = σ(f)∘c + σ(i)∘tanh(g)
    return [multiply(o, tanh(next)), next];
  },
};

/** Gated recurrent unit (Cho et al. 2014), the reset gate after the product as in cuDNN; gates r z n. */
const gru: Cell = {
  gates: 3,
  states: 1,
  candidateBias: true,
  step: (fromInput, fromState, [hidden], candidateBias) => {
    const [xrz, xn] = parts(fromInput, [2, 1]);
    const [hrz, hn] = parts(fromState, [2, 1]);
    const [reset, update] = parts(sigmoid(add(xrz, hrz)), [1, 1]);
    const candidate = tanh(add(xn, multiply(reset, candidateBias === undefined ? hn : add(hn, candidateBias))));
    return [add(candidate, multiply(update, subtract(hidden, candidate)))]; // h = (1 − z)∘n + z∘h
  },
};

export const CELLS: Readonly<Record<CellKind, Cell>> = { rnn, lstm, gru };

/** The last axis cut into shares of its length; gates of one function stay together, for each operation costs a step. */
function parts(x: Tensor, shares: readonly number[]): readonly Tensor[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const width = x.shape[x.rank - 1] as number;
  return split(
    x,
    -1,
    shares.map((share) => (width * share) / whole),
  );
}
