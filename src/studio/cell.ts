import { FORBIDDEN } from "../nn/attention.ts";
import { digits, rounded } from "./digits.ts";
import type { AttentionForm, BahdanauCell, Cell, DotCell, ScaledCell } from "./wire.ts";

type Vector = ArrayLike<number>;

/** What the attention of one head is computed from, row by row. */
export interface HeadParts {
  /** What asks, before it is projected; of recurrent models. */
  readonly state?: readonly Float32Array[];
  readonly query: readonly Float32Array[];
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
  /** What the model makes of them. */
  readonly weights: readonly Float32Array[];
  /** v of Bahdanau's score. */
  readonly scoring?: Float32Array;
  /** What Bahdanau's score of each key gets added. */
  readonly bias?: Float32Array;
}

/** Where a cell is. */
interface Place {
  readonly row: number;
  readonly column: number;
  /** Whether columns after the row's own are hidden. */
  readonly causal: boolean;
}

/** The arithmetic of one cell of an attention, with the numbers of the model. */
export function cellOf(form: Exclude<AttentionForm, "none">, parts: HeadParts, { row, column, causal }: Place): Cell {
  const { query, keys, values, weights, state, bias } = parts;
  const [q, k, v] = [query[row], keys[column], values[column]];
  const score = scoreOf(form, parts);
  const all = {
    d: q.length,
    mask: maskAt(parts, { row, column, causal }),
    row: Array.from(keys, (key, j) => [digits(score(q, key, j)), digits(weights[row][j])] as const),
  };
  const sum = rounded(weightedSum(weights[row], values));
  if (form === "bahdanau") {
    const cell: BahdanauCell = {
      form,
      ...all,
      s: rounded(state![row]),
      h: rounded(v),
      Ws: rounded(q),
      Uh: rounded(k),
      tanh: rounded(energies(q, k)),
      vEnergy: rounded(parts.scoring!),
      ...(bias?.[column] && { counted: digits(bias[column]) }),
      score: digits(score(q, k, column)),
      ctx: sum,
    };
    return cell;
  }
  const product = { q: rounded(q), k: rounded(k), qk: digits(dot(q, k)), v: rounded(v), out: sum };
  if (form === "scaled") return { form, ...all, ...product, scaled: digits(score(q, k, column)) } satisfies ScaledCell;
  return { form, ...all, ...(form === "general" && { s: rounded(state![row]) }), ...product } satisfies DotCell;
}

/** How much a query asks for the key of a column: `q·k / √d`, `q·k`, or `vᵀ tanh(q + k)` and its bias. */
export function scoreOf(
  form: AttentionForm,
  { scoring, bias }: HeadParts,
): (query: Vector, key: Vector, column: number) => number {
  if (form === "scaled") return (query, key) => dot(query, key) / Math.sqrt(query.length);
  if (form === "bahdanau") return (query, key, column) => dot(scoring!, energies(query, key)) + (bias?.[column] ?? 0);
  return dot;
}

function maskAt({ bias }: HeadParts, { row, column, causal }: Place): Cell["mask"] {
  if (causal && column > row) return "future";
  return bias?.[column] === FORBIDDEN ? "pad" : null;
}

function energies(query: Vector, key: Vector): number[] {
  return Array.from(query, (value, i) => Math.tanh(value + key[i]));
}

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function weightedSum(weights: Vector, values: readonly Vector[]): number[] {
  return Array.from(values[0], (_, i) => values.reduce((sum, value, j) => sum + weights[j] * value[i], 0));
}
