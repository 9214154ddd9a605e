import { nodesTowards } from "../graph/differentiate.ts";
import type { Loop } from "../graph/scan.ts";
import type { Node, Tensor } from "../graph/tensor.ts";
import type { Context } from "./fusion.ts";
import type { NamedType } from "./nodes.ts";
import { countUses } from "./order.ts";

/** Writes nodes into a graph, where some tensors have names already, and notes the names of the others. */
type WriteNodes = (order: readonly Node[], names: Map<Tensor, string>, context: Context) => void;

/**
 * A scan as ONNX `Scan`, with only those carries, sequences and outputs that something needs.
 *
 * @returns the names of the node's outputs; `undefined` for those that nothing needs
 */
export function writeScan(
  node: Node,
  loop: Loop,
  { emit, nameOf, uses }: Context,
  write: WriteNodes,
): (string | undefined)[] {
  const count = loop.carries.length;
  const used = node.outputs.map((output) => uses(output) > 0);
  const outputs = loop.outputs.map((_, k) => k).filter((k) => used[count + k]);
  const { carries, order, read } = neededCarries(loop, used.slice(0, count), outputs);
  const sequences = loop.elements.map((_, i) => i).filter((i) => read.has(loop.elements[i]));
  // ONNX knows the number of steps from the sequences alone.
  if (sequences.length === 0) sequences.push(0);

  const body = emit.inner();
  const names = new Map<Tensor, string>();
  for (const j of carries) names.set(loop.carries[j], body.input(loop.carries[j]));
  for (const i of sequences) names.set(loop.elements[i], body.input(loop.elements[i]));
  const gives = [...carries.map((j) => loop.next[j]), ...outputs.map((k) => loop.outputs[k])];
  const inner = countUses(order, gives);
  const nameInside = (tensor: Tensor) => names.get(tensor) ?? nameOf(tensor);
  write(order, names, { emit: body, nameOf: nameInside, uses: (tensor) => inner.get(tensor) ?? 0 });
  const graph = body.finish(gives.map((tensor): NamedType => [nameInside(tensor), tensor]));

  const directions = (list: readonly unknown[]) => list.map(() => Number(loop.reverse));
  const attributes = {
    num_scan_inputs: sequences.length,
    scan_input_directions: directions(sequences),
    scan_output_directions: directions(outputs),
  };
  const given = [...carries, ...sequences.map((i) => count + i)].map((i) => nameOf(node.inputs[i]));
  const made = emit.loop("Scan", given, attributes, graph, gives.length);
  const result: (string | undefined)[] = node.outputs.map(() => undefined);
  [...carries, ...outputs.map((k) => count + k)].forEach((place, i) => {
    result[place] = made[i];
  });
  return result;
}

/** The carries that are wanted at the end, or that a needed part of the step reads. */
function neededCarries(loop: Loop, wanted: readonly boolean[], outputs: readonly number[]) {
  const given = new Set([...loop.carries, ...loop.elements]);
  const needed = new Set(wanted.flatMap((is, j) => (is ? [j] : [])));
  for (;;) {
    const carries = [...needed].sort((a, b) => a - b);
    const gives = [...carries.map((j) => loop.next[j]), ...outputs.map((k) => loop.outputs[k])];
    const order = nodesTowards(gives, given, given);
    const read = new Set([...order.flatMap(({ inputs }) => inputs), ...gives]);
    const more = loop.carries.flatMap((carry, j) => (read.has(carry) && !needed.has(j) ? [j] : []));
    if (more.length === 0) return { carries, order, read };
    for (const j of more) needed.add(j);
  }
}
