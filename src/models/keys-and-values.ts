import { concat } from "../graph/slice.ts";
import type { KeysAndValues } from "../nn/attention.ts";
import type { State } from "./seq2seq.ts";

/** Keys and values of earlier positions, and those of the next ones after them. */
export function joined(past: KeysAndValues, own: KeysAndValues): KeysAndValues {
  return { keys: concat([past.keys, own.keys], 2), values: concat([past.values, own.values], 2) };
}

/** Keys and values of a layer, under the names by which they are carried from step to step. */
export function named(layer: number, { keys, values }: KeysAndValues): State {
  return { [`keys.${layer}`]: keys, [`values.${layer}`]: values };
}

/** The way back from {@link named}. */
export function unnamed(layer: number, state: State): KeysAndValues {
  return { keys: state[`keys.${layer}`], values: state[`values.${layer}`] };
}
