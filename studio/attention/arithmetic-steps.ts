import type { Cell } from "../../src/studio/wire.ts";

/** How one number of a cell comes about; `bars` are the numbers that it is made of. */
export type Step =
  | VectorStep<"query" | "turned" | "key" | "state" | "seen" | "squashed">
  | SumStep<"product">
  | SumStep<"energy">
  | { readonly name: "scale"; readonly d: number; readonly root: number; readonly value: number }
  | { readonly name: "counted"; readonly count: number; readonly value: number }
  | { readonly name: "mask"; readonly mask: Cell["mask"] }
  | { readonly name: "softmax"; readonly row: Cell["row"]; readonly col: number; readonly value: number }
  | ValueStep;

interface VectorStep<Name extends string> {
  readonly name: Name;
  readonly bars: readonly number[];
  /** Tables of numbers: what each bar comes from. */
  readonly parts: readonly Part[];
}

interface SumStep<Name extends string> extends VectorStep<Name> {
  readonly value: number;
}

/** The value that is carried, times the weight; behind it the sum over the row. */
interface ValueStep extends VectorStep<"value"> {
  readonly weight: number;
  readonly behind: readonly number[];
}

/** A named column of numbers, by dimension. */
export interface Part {
  readonly name: PartName;
  readonly numbers: readonly number[];
}

export type PartName =
  | "q"
  | "k"
  | "q·k"
  | "s"
  | "h"
  | "Ws"
  | "Uh"
  | "Ws + Uh"
  | "tanh"
  | "v"
  | "v·tanh"
  | "w·v"
  | "Σ w·v"
  | "w·h"
  | "Σ w·h";

/** The steps from two positions to what one carries over to the other, in the order in which they are computed. */
export function stepsOf(cell: Cell, col: number): Step[] {
  const weight = cell.row[col][1];
  const shares: Step[] = [
    { name: "mask", mask: cell.mask },
    { name: "softmax", row: cell.row, col, value: weight },
  ];
  if (cell.form === "bahdanau") {
    const { h, Ws, Uh, tanh, vEnergy, score, counted = 0, ctx } = cell;
    const energies = times(vEnergy, tanh);
    const sums = Ws.map((value, i) => value + Uh[i]);
    return [
      { name: "state", bars: Ws, parts: [part("Ws", Ws)] },
      { name: "seen", bars: Uh, parts: [part("Uh", Uh)] },
      { name: "squashed", bars: tanh, parts: [part("Ws + Uh", sums), part("tanh", tanh)] },
      {
        name: "energy",
        bars: energies,
        value: score - counted,
        parts: [part("v", vEnergy), part("tanh", tanh), part("v·tanh", energies)],
      },
      ...(counted > 0 ? [{ name: "counted", count: Math.round(Math.exp(counted)), value: counted } as const] : []),
      ...shares,
      valueStep(h, weight, ctx, ["h", "w·h", "Σ w·h"]),
    ];
  }
  const { q, k, qk, v, out } = cell;
  const products = times(q, k);
  return [
    { name: cell.form === "general" ? "turned" : "query", bars: q, parts: [part("q", q)] },
    { name: "key", bars: k, parts: [part("k", k)] },
    { name: "product", bars: products, value: qk, parts: [part("q", q), part("k", k), part("q·k", products)] },
    ...(cell.form === "scaled"
      ? [{ name: "scale", d: cell.d, root: Math.sqrt(cell.d), value: cell.scaled } as const]
      : []),
    ...shares,
    valueStep(v, weight, out, ["v", "w·v", "Σ w·v"]),
  ];
}

function valueStep(
  value: readonly number[],
  weight: number,
  sum: readonly number[],
  [name, share, whole]: readonly [PartName, PartName, PartName],
): ValueStep {
  const bars = value.map((number) => number * weight);
  return {
    name: "value",
    bars,
    weight,
    behind: sum,
    parts: [part(name, value), part(share, bars), part(whole, sum)],
  };
}

function part(name: PartName, numbers: readonly number[]): Part {
  return { name, numbers };
}

function times(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value * b[i]);
}

/** The score that the softmax sees, without the mask. */
export function scoreOf(cell: Cell): number {
  if (cell.form === "scaled") return cell.scaled;
  return cell.form === "bahdanau" ? cell.score : cell.qk;
}

/** What the softmax does with a row: each score, `e` to the power of its distance from the largest, and its share. */
export function softmaxTable(
  row: Cell["row"],
  masked: (col: number) => boolean,
): { readonly score: number; readonly power: number; readonly weight: number }[] {
  const scores = row.filter((_, col) => !masked(col)).map(([score]) => score);
  const largest = Math.max(...scores);
  return row.map(([score, weight], col) => ({
    score,
    power: masked(col) ? 0 : Math.exp(score - largest),
    weight,
  }));
}
