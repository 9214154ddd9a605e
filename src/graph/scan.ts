import { expand } from "./broadcast.ts";
import { nodesTowards, pullBack } from "./differentiate.ts";
import { sameShape } from "./dimension.ts";
import { add } from "./elementwise.ts";
import { bound, scalar } from "./source.ts";
import { describe, type MultiOperation, Node, shapeError, type Tensor, type TensorType } from "./tensor.ts";
import { totalOverTime } from "./total-over-time.ts";

/** What one step of a recurrence gives. */
export interface Step {
  /** Carried to the next step, of the types that came. */
  readonly carries: readonly Tensor[];
  /** Kept, one a step. */
  readonly outputs: readonly Tensor[];
}

/** What a whole recurrence gives. */
export interface Scanned {
  /** As the last step left them. */
  readonly carries: readonly Tensor[];
  /** `[time, ...]`: the outputs of all steps, in the order of the sequences also if these were read backwards. */
  readonly outputs: readonly Tensor[];
}

/**
 * A recurrence: one step for each element of the sequences, from first to last or backwards. The step may use any
 * other tensor of the graph, such as parameters. It is written once and may hold further scans.
 *
 * Its gradient is again a scan, the other way round. What a parameter receives is not added up step by step: factors of
 * products are stacked, and one product is made after the loop.
 *
 * @param step from carries and elements to new carries and outputs; called once, to write the graph
 * @param initial carries before the first step
 * @param sequences `[time, ...]`, at least one
 * @param options.reverse whether the sequences are read from their end. Default: no
 * @returns the carries after the last step, and `[time, ...]` of each output
 * @throws when there is no sequence, their lengths differ, or a step gives carries of other types than it received
 */
export function scan(
  step: (carries: readonly Tensor[], elements: readonly Tensor[]) => Step,
  initial: readonly Tensor[],
  sequences: readonly Tensor[],
  options: { reverse?: boolean } = {},
): Scanned {
  const [time] = sequences[0]?.shape ?? [];
  if (time === undefined || sequences.some(({ shape }) => shape[0] !== time)) {
    throw shapeError("scan", "wants sequences of one length", Object.fromEntries(sequences.entries()));
  }
  const carries = initial.map(bound);
  const elements = sequences.map(({ dtype, shape }) => bound({ dtype, shape: shape.slice(1) }));
  const { carries: next, outputs } = step(carries, elements);
  if (next.length !== carries.length || next.some((x, i) => !sameType(x, carries[i]))) {
    const [came, wanted] = [next, carries].map((list) => list.map(describe).join(", "));
    throw new Error(`scan: a step must give carries of the types it received; it received ${wanted}, gave ${came}`);
  }
  const node = scanNode({ carries, elements, next, outputs, reverse: options.reverse ?? false }, initial, sequences);
  return {
    carries: node.outputs.slice(0, carries.length),
    outputs: node.outputs.slice(carries.length, carries.length + outputs.length),
  };
}

/** The step of a scan, and what it reads. */
export interface Loop {
  /** Stand for the carries, in the step. */
  readonly carries: readonly Tensor[];
  /** Stand for the elements of the sequences. */
  readonly elements: readonly Tensor[];
  readonly next: readonly Tensor[];
  /** Those of the caller first, then those that a gradient will read. */
  readonly outputs: readonly Tensor[];
  /** Whether the sequences are read from their end. */
  readonly reverse: boolean;
}

/** A scan: inputs are initial carries, sequences, and what the step uses; outputs are final carries and stacks. */
export interface ScanOperation extends MultiOperation<readonly Tensor[]> {
  readonly loop: Loop;
}

/** The loop of a scan's operation; `undefined` for any other operation. */
export function loopOf(operation: object): Loop | undefined {
  return (operation as Partial<ScanOperation>).loop;
}

function scanNode(body: Loop, initial: readonly Tensor[], sequences: readonly Tensor[]): Node {
  const captured = capturedBy(body);
  const saved = readByGradient(body, captured).filter((x) => !body.outputs.includes(x));
  const loop = { ...body, outputs: [...body.outputs, ...saved] };
  const [time] = sequences[0].shape;
  const operation: ScanOperation = {
    name: "Scan",
    loop,
    inferAll: () => [...loop.carries, ...loop.outputs.map((x) => ({ ...typeOf(x), shape: [time, ...x.shape] }))],
    gradientAll: (_, cotangents, outputs) => {
      const gradient = gradientOf(loop, captured, { initial, sequences, outputs, cotangents });
      return [...gradient.initial, ...gradient.sequences, ...gradient.captured];
    },
  };
  const inputs = [...initial, ...sequences, ...captured];
  return new Node(operation as MultiOperation<never>, inputs, operation.inferAll(inputs));
}

/** Tensors from outside that a step reads. */
function capturedBy(loop: Loop): Tensor[] {
  const inside = tensorsInside(loop);
  const given = new Set([...loop.carries, ...loop.elements]);
  const read = [...inside].flatMap(({ node }) => node.inputs);
  return [...new Set([...read, ...loop.next, ...loop.outputs])].filter((x) => !inside.has(x) && !given.has(x));
}

/** What a step computes from its carries and elements. */
function tensorsInside({ carries, elements, next, outputs }: Loop): Set<Tensor> {
  const given = new Set([...carries, ...elements]);
  return new Set(nodesTowards([...next, ...outputs], given, given).flatMap((node) => node.outputs));
}

/** A step turned round: from the cotangents of what it gives to those of what it received. */
interface Adjoint {
  /** Stand for the cotangents of the carries that the step gives. */
  readonly next: readonly (Tensor | undefined)[];
  /** Stand for the cotangents of its outputs. */
  readonly outputs: readonly (Tensor | undefined)[];
  readonly carries: readonly (Tensor | undefined)[];
  readonly elements: readonly (Tensor | undefined)[];
  readonly captured: readonly (Tensor | undefined)[];
}

/** @param present whether an output has a cotangent */
function adjointOf(loop: Loop, captured: readonly Tensor[], present: (output: number) => boolean): Adjoint {
  const next = loop.next.map((x) => (x.dtype === "float32" ? bound(typeOf(x)) : undefined));
  const outputs = loop.outputs.map((x, k) => (x.dtype === "float32" && present(k) ? bound(typeOf(x)) : undefined));
  const given = [...loop.next, ...loop.outputs].flatMap((x, i) => {
    const cotangent = [...next, ...outputs][i];
    return cotangent === undefined ? [] : [[x, cotangent] as const];
  });
  const leaves = [...loop.carries, ...loop.elements, ...captured];
  const found = pullBack(given, leaves, new Set(leaves));
  const [c, e] = [loop.carries.length, loop.elements.length];
  return {
    next,
    outputs,
    carries: found.slice(0, c),
    elements: found.slice(c, c + e),
    captured: found.slice(c + e),
  };
}

/** The tensors of a step, carries included, that its adjoint reads: they are kept as stacks. */
function readByGradient(loop: Loop, captured: readonly Tensor[]): Tensor[] {
  const kept = new Set([...loop.carries, ...tensorsInside(loop)]);
  let adjoint: Adjoint;
  try {
    adjoint = adjointOf(loop, captured, () => true);
  } catch {
    return []; // Not differentiable: whoever asks for the gradient is told why.
  }
  const leaves = new Set([...kept, ...loop.elements, ...captured]);
  const gradients = [...adjoint.carries, ...adjoint.elements, ...adjoint.captured].filter((x) => x !== undefined);
  const read = nodesTowards(gradients, kept, leaves).flatMap((node) => node.inputs);
  return [...new Set([...read, ...gradients])].filter((x) => kept.has(x));
}

interface Run {
  readonly initial: readonly Tensor[];
  readonly sequences: readonly Tensor[];
  /** Of the scan: final carries and stacks. */
  readonly outputs: readonly Tensor[];
  readonly cotangents: readonly (Tensor | undefined)[];
}

/** The gradient of a scan: the scan of the step's adjoint, from the other end. */
function gradientOf(loop: Loop, captured: readonly Tensor[], { initial, sequences, outputs, cotangents }: Run) {
  const count = loop.carries.length;
  const adjoint = adjointOf(loop, captured, (k) => cotangents[count + k] !== undefined);

  // The adjoint's carries are the cotangents of the carries.
  const running = loop.carries.flatMap((carry, j) => {
    const before = adjoint.next[j];
    if (before === undefined) return [];
    const zero = expand(scalar(0), carry.shape);
    return [{ j, before, after: adjoint.carries[j] ?? zero, start: cotangents[j] ?? zero }];
  });
  // It reads what the step read and computed, and the cotangents of its outputs.
  const read: (readonly [inside: Tensor, sequence: Tensor])[] = [
    ...loop.outputs.map((x, k) => [x, outputs[count + k]] as const),
    ...loop.elements.map((x, i) => [x, sequences[i]] as const),
    ...adjoint.outputs.flatMap((x, k) => (x === undefined ? [] : [[x, cotangents[count + k]!] as const])),
  ];
  const stackOf = new Map(read);

  const given = new Set([...running.map(({ before }) => before), ...stackOf.keys()]);
  const wanted = [...adjoint.elements, ...adjoint.captured].filter((x) => x !== undefined);
  const inside = new Set(nodesTowards(wanted, given, given).flatMap((node) => node.outputs));
  const totals = adjoint.captured.map((x) => x && totalOverTime(x, (y) => inside.has(y) || given.has(y)));

  const sums = totals.flatMap((total) => total?.sums ?? []).map((x) => ({ x, before: bound(typeOf(x)) }));
  const stacks = [
    ...new Set([...adjoint.elements.filter((x) => x !== undefined), ...totals.flatMap((total) => total?.stacks ?? [])]),
  ].filter((x) => !stackOf.has(x));
  const reversed: Loop = {
    carries: [...running, ...sums].map(({ before }) => before),
    elements: [...stackOf.keys()],
    next: [...running.map(({ after }) => after), ...sums.map(({ x, before }) => add(before, x))],
    outputs: stacks,
    reverse: !loop.reverse,
  };
  const starts = [...running.map(({ start }) => start), ...sums.map(({ x }) => expand(scalar(0), x.shape))];
  const node = scanNode(reversed, starts, [...stackOf.values()]);

  const after = node.outputs.slice(starts.length);
  stacks.forEach((x, k) => {
    stackOf.set(x, after[k]);
  });
  const sumOf = new Map(sums.map(({ x }, i) => [x, node.outputs[running.length + i]]));
  const initialGradients = initial.map((_, j) => {
    const place = running.findIndex((one) => one.j === j);
    return place < 0 ? undefined : node.outputs[place];
  });
  return {
    initial: initialGradients,
    sequences: adjoint.elements.map((x) => x && stackOf.get(x)!),
    captured: totals.map((total) => total?.build({ stackOf: (x) => stackOf.get(x)!, sumOf: (x) => sumOf.get(x)! })),
  };
}

function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function typeOf({ dtype, shape }: Tensor): TensorType {
  return { dtype, shape };
}
