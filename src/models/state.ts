import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { State } from "./seq2seq.ts";

/** Named tensors as outputs of a graph, such as `memory.keys.0` of what a decoder keeps. */
export function stateOutputs(prefix: string, tensors: State): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
}

/** What a decoder keeps as inputs of a graph. A length that is zero at the beginning grows: it is called `past`. */
export function stateInputs(prefix: string, tensors: State): State {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape }]) => [
      name,
      input(
        `${prefix}.${name}`,
        dtype,
        shape.map((length) => (length === 0 ? "past" : length)),
      ),
    ]),
  );
}
