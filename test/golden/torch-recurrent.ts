import type { CellKind } from "../../src/nn/cells.ts";
import type { Golden } from "./golden.ts";

/**
 * PyTorch's value of a parameter of our recurrent layers, or its gradient. PyTorch has two biases that are only ever
 * added up, but for the candidate of a GRU: there the second stands inside the reset gate, as ours does.
 *
 * @param path of the parameter, such as `layers.0.forward.bias`
 * @param prefix the name of PyTorch's module with its dot
 */
export function torchRecurrentValue(
  golden: Golden,
  path: string,
  kind: "param" | "grad.param",
  prefix: string,
  cell: CellKind,
): Float32Array {
  const [, layer, direction, name] = /^layers\.(\d+)\.(forward|backward)\.(\w+)$/.exec(path)!;
  const suffix = `_l${layer}${direction === "backward" ? "_reverse" : ""}`;
  const of = (torch: string) => {
    const { data } = golden.floats(`${kind}.${prefix}${torch}${suffix}`);
    return cell === "lstm" ? inOurOrder(data) : data;
  };
  switch (name) {
    case "inputWeight":
      return of("weight_ih");
    case "hiddenWeight":
      return of("weight_hh");
    case "candidateBias":
      return of("bias_hh").slice((of("bias_hh").length / 3) * 2);
    default: {
      if (kind === "grad.param") return of("bias_ih");
      const second = of("bias_hh");
      const shared = cell === "gru" ? (second.length / 3) * 2 : second.length;
      return of("bias_ih").map((x, i) => (i < shared ? x + second[i] : x));
    }
  }
}

/** The gates of an LSTM: i f g o with PyTorch, i f o g with us, equal parts of any of its values. */
export function inOurOrder(values: Float32Array): Float32Array {
  const part = values.length / 4;
  const ordered = values.slice();
  ordered.copyWithin(2 * part, 3 * part);
  ordered.set(values.subarray(2 * part, 3 * part), 3 * part);
  return ordered;
}
