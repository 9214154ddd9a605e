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
  return pullBack([[loss, scalar(1)]], inputs);
}

/**
 * The cotangents of inputs, from cotangents of outputs (a vector-Jacobian product).
 *
 * @param given some outputs, each with its cotangent
 * @param leaves tensors that count as given values, whatever they were computed from
 * @throws as {@link differentiate}
 */
export function pullBack(
  given: readonly (readonly [output: Tensor, cotangent: Tensor])[],
  inputs: readonly Tensor[],
  leaves: ReadonlySet<Tensor> = new Set(),
): (Tensor | undefined)[] {
  const cotangents = new Map<Tensor, Tensor>();
  const receive = (x: Tensor, cotangent: Tensor) => {
    const before = cotangents.get(x);
    cotangents.set(x, before === undefined || isFilledWith(before, 0) ? cotangent : add(before, cotangent));
  };
  for (const [output, cotangent] of given) receive(output, cotangent);
  const order = nodesTowards(
    given.map(([output]) => output),
    new Set(inputs),
    leaves,
  );
  for (const node of order.reverse()) {
    const arrived = node.outputs.map((output) => (leaves.has(output) ? undefined : cotangents.get(output)));
    if (arrived.every((cotangent) => cotangent === undefined)) continue;
    gradientsOf(node, arrived).forEach((gradient, index) => {
      if (gradient === undefined) return;
      const x = node.inputs[index];
      if (x.dtype !== "float32") return;
      if (!sameShape(gradient.shape, x.shape)) {
        throw new Error(
          `${node.operation.name}: the gradient of input ${index} is ${describe(gradient)}, the input ${describe(x)}`,
        );
      }
      receive(x, gradient);
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

/** The nodes on a path from `inputs` to `outputs`, inputs first; paths end at leaves. */
export function nodesTowards(
  outputs: readonly Tensor[],
  inputs: ReadonlySet<Tensor>,
  leaves: ReadonlySet<Tensor>,
): Node[] {
  const order: Node[] = [];
  const depends = new Map<Node, boolean>();
  const reaches = (x: Tensor) => inputs.has(x) || (!leaves.has(x) && depends.get(x.node) === true);
  const stack = outputs.filter((x) => !leaves.has(x)).map(({ node }) => node);
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    const open = depends.has(node) ? [] : node.inputs.filter((x) => !leaves.has(x) && !depends.has(x.node));
    if (open.length > 0) {
      stack.push(...open.map((x) => x.node));
      continue;
    }
    stack.pop();
    if (depends.has(node)) continue;
    const below = node.inputs.some(reaches);
    depends.set(node, below);
    if (below) order.push(node);
  }
  return order;
}
