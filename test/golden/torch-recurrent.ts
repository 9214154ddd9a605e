import type { Recurrent } from "../../src/nn/recurrent.ts";
import { FlatValues, Layout } from "../../src/runtime/parameters.ts";
import type { Golden } from "./golden.ts";

/**
 * Where PyTorch keeps a parameter of our recurrent layers. It has two biases that are only ever added up, but for the
 * candidate of a GRU: there the second stands inside the reset gate, as ours does.
 */
function torchNames(path: string): { kind: string; suffix: string } {
  const [, layer, direction, kind] = /^layers\.(\d+)\.(forward|backward)\.(\w+)$/.exec(path)!;
  return { kind, suffix: `_l${layer}${direction === "backward" ? "_reverse" : ""}` };
}

/**
 * The values of PyTorch's parameters in our layout.
 *
 * @param prefix the name of PyTorch's module with its dot
 */
export function torchRecurrentValues(golden: Golden, net: Recurrent, prefix = ""): FlatValues {
  const parameters = net.parameters();
  const values = new FlatValues(new Layout(parameters));
  for (const path of parameters.keys()) {
    const { kind, suffix } = torchNames(path);
    const of = (name: string) => golden.floats(`param.${prefix}${name}${suffix}`).data;
    const hidden = () => of("bias_hh").length / 3;
    const hasCandidate = parameters.has(path.replace(/\w+$/, "candidateBias"));
    const value = {
      inputWeight: () => of("weight_ih"),
      hiddenWeight: () => of("weight_hh"),
      bias: () => of("bias_ih").map((x, i) => (hasCandidate && i >= 2 * hidden() ? x : x + of("bias_hh")[i])),
      candidateBias: () => of("bias_hh").slice(2 * hidden()),
    }[kind]!();
    values.of(path).set(value);
  }
  return values;
}

/** The gradients of PyTorch's parameters by our names. */
export function torchRecurrentGradients(golden: Golden, net: Recurrent, prefix = ""): Map<string, Float32Array> {
  return new Map(
    [...net.parameters().keys()].map((path) => {
      const { kind, suffix } = torchNames(path);
      const of = (name: string) => golden.floats(`grad.param.${prefix}${name}${suffix}`).data;
      const gradient = {
        inputWeight: () => of("weight_ih"),
        hiddenWeight: () => of("weight_hh"),
        bias: () => of("bias_ih"),
        candidateBias: () => of("bias_hh").slice((of("bias_hh").length / 3) * 2),
      }[kind]!();
      return [path, gradient];
    }),
  );
}
