import type { Node, Tensor } from "../graph/tensor.ts";

/** The nodes that some tensors are computed by, each after those it reads. */
export function topologicalOrder(wanted: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, "open" | "done">();
  const stack = wanted.map(({ node }) => node).reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (state.get(node) === undefined) {
      state.set(node, "open");
      for (const input of [...node.inputs].reverse()) if (!state.has(input.node)) stack.push(input.node);
      continue;
    }
    stack.pop();
    if (state.get(node) === "done") continue;
    state.set(node, "done");
    order.push(node);
  }
  return order;
}

/** How often each tensor is read, by a node or as an output. */
export function countUses(order: readonly Node[], outputs: readonly Tensor[]): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  for (const tensor of [...order.flatMap((node) => node.inputs), ...outputs]) {
    uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  }
  return uses;
}
