import { isFilledWith } from "./broadcast.ts";
import { sameShape } from "./dimension.ts";
import { add } from "./elementwise.ts";
import { scalar } from "./source.ts";
import { describe, type MultiOperation, type Node, type Operation, shapeError, type Tensor } from "./tensor.ts";

/**
 * Reverse-mode differentiation: a graph for the gradients of a scalar. The result is an ordinary graph and can be
 * differentiated again.
 *
 * @param loss a float32 scalar
 * @param inputs what to differentiate by
 * @returns one gradient an input, of its shape; `undefined` where the loss does not depend on it
 * @throws when a path leads through an operation that has no gradient, or a gradient rule gives a wrong shape
 */
export function differentiate(loss: Tensor, inputs: readonly Tensor[]): (Tensor | undefined)[] {
  if (loss.rank !== 0 || loss.dtype !== "float32")
    throw shapeError("differentiate", "wants a float32 scalar", { loss });
  const order = nodesTowards(loss, new Set(inputs));
  const cotangents = new Map<Tensor, Tensor>([[loss, scalar(1)]]);
  for (const node of order.reverse()) {
    const given = node.outputs.map((output) => cotangents.get(output));
    if (given.every((cotangent) => cotangent === undefined)) continue;
    gradientsOf(node, given).forEach((gradient, index) => {
      if (gradient === undefined) return;
      const x = node.inputs[index];
      if (x.dtype !== "float32") return;
      if (!sameShape(gradient.shape, x.shape)) {
        throw new Error(
          `${node.operation.name}: the gradient of input ${index} is ${describe(gradient)}, the input ${describe(x)}`,
        );
      }
      const before = cotangents.get(x);
      cotangents.set(x, before === undefined || isFilledWith(before, 0) ? gradient : add(before, gradient));
    });
  }
  return inputs.map((input) => cotangents.get(input));
}

function gradientsOf(node: Node, cotangents: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
  const operation = node.operation as Operation | MultiOperation;
  const rule = "gradientAll" in operation ? operation.gradientAll : operation.gradient;
  if (rule === null) throw new Error(`differentiate: ${operation.name} has no gradient`);
  if ("gradientAll" in operation) return operation.gradientAll!(node.inputs, cotangents, node.outputs);
  return operation.gradient!(node.inputs, cotangents[0]!, node.outputs[0]);
}

/** The nodes on a path from `inputs` to `output`, inputs first. */
function nodesTowards(output: Tensor, inputs: ReadonlySet<Tensor>): Node[] {
  const order: Node[] = [];
  const depends = new Map<Node, boolean>();
  const stack = [output.node];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    const open = depends.has(node) ? [] : node.inputs.filter((x) => !depends.has(x.node));
    if (open.length > 0) {
      stack.push(...open.map((x) => x.node));
      continue;
    }
    stack.pop();
    if (depends.has(node)) continue;
    const below = node.inputs.some((x) => depends.get(x.node));
    depends.set(node, below || node.outputs.some((x) => inputs.has(x)));
    if (below) order.push(node);
  }
  return order;
}
