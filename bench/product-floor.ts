import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { Random } from "../src/random/random.ts";
import type { Engine, Session } from "../src/runtime/engine.ts";
import { floats, type Value } from "../src/runtime/value.ts";

type Feeds = Readonly<Record<string, Value>>;

/** What a run of a model tells of its products. */
export interface Survey {
  /** The shapes of their factors by name; of a factor in a loop, at the first step. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** How many steps each loop made, by the name of its node. */
  readonly steps: ReadonlyMap<string, number>;
}

/** Some matrix products of a model: those outside of loops, or those in the step of one. */
interface Place {
  /** The node whose step they are in; none outside of loops. */
  readonly loop?: NodeProto;
  readonly products: readonly NodeProto[];
}

const PRODUCTS = ["Gemm", "MatMul", "FusedMatMul"];

/** The matrix products of an ONNX model; column sums, which are written as products with a row of ones, are none. */
function productsIn({ graph }: ModelProto): Place[] {
  const nodes = graph?.node ?? [];
  const loops = nodes.filter(({ opType }) => opType === "Scan");
  const inside = loops.map((loop) => bodyOf(loop).node);
  const expanded = new Set(
    [nodes, ...inside].flat().flatMap(({ opType, output }) => (opType === "Expand" ? output : [])),
  );
  const places = [{ products: nodes }, ...loops.map((loop, i) => ({ loop, products: inside[i] }))];
  return places
    .map(({ products, ...place }) => ({
      ...place,
      products: products.filter(({ opType, input }) => PRODUCTS.includes(opType) && !expanded.has(input[0])),
    }))
    .filter(({ products }) => products.length > 0);
}

function bodyOf(loop: NodeProto): GraphProto {
  return loop.attribute.find(({ name }) => name === "body")!.g!;
}

/** Tells the shapes of the factors of a model's products: the same model, with these shapes as its only outputs. */
export class ShapeSurvey {
  readonly #session: Session;
  readonly #places: readonly Place[];

  private constructor(session: Session, places: readonly Place[]) {
    this.#session = session;
    this.#places = places;
  }

  static async compile(engine: Engine, bytes: Uint8Array): Promise<ShapeSurvey> {
    const model = fromBinary(ModelProtoSchema, bytes);
    const places = productsIn(model);
    const graph = model.graph!;
    for (const { loop, products } of places) {
      const inside = loop === undefined ? graph : bodyOf(loop);
      for (const name of factorsOf(products)) {
        const shape = shapeName(name, loop);
        const output = loop === undefined ? shape : `${shape}, a step`;
        inside.node.push(create(NodeProtoSchema, { opType: "Shape", input: [name], output: [output] }));
        if (loop === undefined) continue;
        inside.output.push(create(ValueInfoProtoSchema, declared(output, DataType.INT64, 1)));
        loop.output.push(shape);
        loop.attribute.find(({ name }) => name === "scan_output_directions")?.ints.push(0n);
      }
    }
    graph.output = places.flatMap(({ loop, products }) =>
      factorsOf(products).map((name) =>
        create(ValueInfoProtoSchema, declared(shapeName(name, loop), DataType.INT64, loop === undefined ? 1 : 2)),
      ),
    );
    return new ShapeSurvey(await engine.load(toBinary(ModelProtoSchema, model)), places);
  }

  /** @param feeds of a run of the model */
  async survey(feeds: Feeds): Promise<Survey> {
    const outputs = this.#places.flatMap(({ loop, products }) =>
      factorsOf(products).map((name) => shapeName(name, loop)),
    );
    const results = await this.#session.run(feeds, outputs, {});
    const shapes = new Map<string, readonly number[]>();
    const steps = new Map<string, number>();
    for (const { loop, products } of this.#places) {
      for (const name of factorsOf(products)) {
        const { data, shape } = results[shapeName(name, loop)];
        shapes.set(name, Array.from(data, Number).slice(0, shape[shape.length - 1]));
        if (loop !== undefined) steps.set(loop.name, shape[0]);
      }
    }
    return { shapes, steps };
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function shapeName(factor: string, loop: NodeProto | undefined): string {
  return loop === undefined ? `shape of ${factor}` : `shape of ${factor} in ${loop.name}`;
}

interface FloorBatch {
  readonly feeds: Feeds;
  readonly into: Feeds;
  readonly flop: number;
}

/**
 * The floor of a training step: its matrix products alone, as one ONNX model of nothing else.
 *
 * The products are the nodes of the step's own ONNX model, transposed and scaled as there, without the bias. Each
 * factor is an input of random numbers, in the shape that it has in the step for that batch, and each product is an
 * output that is written into memory prepared before: nothing is pruned, allocated or copied. Weights are inputs as in
 * training, so that ONNX Runtime cannot pack them ahead.
 *
 * The products in the step of a loop stand in a loop of as many steps that has nothing else: an empty one takes one or
 * two microseconds a step, less than as many nodes in a row would.
 *
 * Weights and their gradients have buffers of their own, as there. What comes and goes within a step shares two, one
 * for factors and one for products, so that the processor's caches help the floor at least as much as the step, which
 * uses its memory again and again. By ONNX Runtime's profile the products take the same time here as inside the step.
 */
export class ProductFloor {
  /** Nodes; one in a loop counts once. */
  readonly products: number;
  readonly #session: Session;
  readonly #batches: readonly FloorBatch[];

  private constructor(session: Session, products: number, batches: readonly FloorBatch[]) {
    this.#session = session;
    this.products = products;
    this.#batches = batches;
  }

  /**
   * @param bytes of the step's model
   * @param batches the survey of each batch
   */
  static async compile(engine: Engine, bytes: Uint8Array, batches: readonly Survey[]): Promise<ProductFloor> {
    const model = fromBinary(ModelProtoSchema, bytes);
    const places = productsIn(model);
    const products = places.flatMap((place) => place.products);
    const outside = places.filter(({ loop }) => loop === undefined).flatMap((place) => place.products);
    const loops = places.flatMap(({ loop }) => loop ?? []);
    const factors = factorsOf(products);
    const lasting = new Set([...model.graph!.input, ...model.graph!.output].map(({ name }) => name));
    const into = buffersFor(
      outside.map(({ output }) => output[0]),
      batches.map(({ shapes }) => outside.map((product) => resultOf(product, shapes).shape)),
      lasting,
    );
    const feeds = buffersFor(
      factors,
      batches.map(({ shapes }) => factors.map((name) => shapes.get(name)!)),
      lasting,
    );
    return new ProductFloor(
      await engine.load(floorModel(places, factors, batches[0])),
      products.length,
      batches.map(({ steps, ...survey }, i) => ({
        feeds: Object.fromEntries([
          ...feeds[i].map((value, j) => [factors[j], value]),
          ...loops.map(({ name }) => [ticksOf(name), floats([steps.get(name)!], new Float32Array(steps.get(name)!))]),
        ]),
        into: Object.fromEntries([
          ...into[i].map((value, j) => [productOf(outside[j]), value]),
          ...loops.map(({ name }) => [
            ticksAfter(name),
            floats([steps.get(name)!], new Float32Array(steps.get(name)!)),
          ]),
        ]),
        flop: flopOf(places, { steps, ...survey }),
      })),
    );
  }

  /** Multiplications and additions of a batch. */
  flop(batch: number): number {
    return this.#batches[batch].flop;
  }

  /** Computes the products of a batch; answers the seconds it took. */
  async run(batch: number): Promise<number> {
    const { feeds, into } = this.#batches[batch];
    const began = performance.now();
    await this.#session.run(feeds, Object.keys(into), into);
    return (performance.now() - began) / 1000;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function flopOf(places: readonly Place[], { shapes, steps }: Survey): number {
  const flop = places.flatMap(({ loop, products }) =>
    products.map((product) => {
      const { shape, inner } = resultOf(product, shapes);
      return (loop === undefined ? 1 : steps.get(loop.name)!) * 2 * sizeOf(shape) * inner;
    }),
  );
  return flop.reduce((a, b) => a + b, 0);
}

/**
 * Values of random numbers for each batch.
 *
 * @param shapes of each batch, of the values in the order of their names
 * @param lasting names of values with a buffer of their own; all others share one
 */
function buffersFor(
  names: readonly string[],
  shapes: readonly (readonly (readonly number[])[])[],
  lasting: ReadonlySet<string>,
): Value[][] {
  const random = Random.of(1, "floor");
  const made = (size: number) => new Float32Array(size).map(() => random.uniform() - 0.5);
  const sizes = names.map((_, i) => most(shapes.map((each) => sizeOf(each[i]))));
  const shared = made(most(sizes.filter((_, i) => !lasting.has(names[i]))));
  const buffers = names.map((name, i) => (lasting.has(name) ? made(sizes[i]) : shared));
  return shapes.map((each) => each.map((shape, i) => floats(shape, buffers[i].subarray(0, sizeOf(shape)))));
}

function floorModel(places: readonly Place[], factors: readonly string[], { shapes }: Survey): Uint8Array {
  const loops = places.flatMap(({ loop }) => loop ?? []);
  const outside = places.filter(({ loop }) => loop === undefined).flatMap(({ products }) => products);
  const domains = new Set(["", ...places.flatMap(({ products }) => products.map(({ domain }) => domain))]);
  const model = create(ModelProtoSchema, {
    irVersion: 9n,
    producerName: "jumok bench",
    opsetImport: [...domains].map((domain) => ({ domain, version: domain === "" ? 20n : 1n })),
    graph: {
      name: "floor",
      node: places.flatMap(({ loop, products }) => {
        const nodes = products.map(productAlone);
        return loop === undefined ? nodes : [loopOver(nodes, loop.name)];
      }),
      input: [
        ...factors.map((name) => declared(name, DataType.FLOAT, shapes.get(name)!.length)),
        ...loops.map(({ name }) => declared(ticksOf(name), DataType.FLOAT, 1)),
      ],
      output: [
        ...outside.map((product) =>
          declared(productOf(product), DataType.FLOAT, resultOf(product, shapes).shape.length),
        ),
        ...loops.map(({ name }) => declared(ticksAfter(name), DataType.FLOAT, 1)),
      ],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

type NewNode = MessageInitShape<typeof NodeProtoSchema>;

function productAlone(product: NodeProto): NewNode {
  const { opType, domain, input, attribute } = product;
  const name = productOf(product);
  return { name, opType, domain, input: input.slice(0, 2), output: [name], attribute };
}

/** Nodes run once for each of some numbers, which are handed through. */
function loopOver(nodes: readonly NewNode[], name: string): NewNode {
  const [tick, handed] = [`tick of ${name}`, `tick handed through ${name}`];
  const body = {
    name: `step of ${name}`,
    node: [...nodes, { name: handed, opType: "Identity", input: [tick], output: [handed] }],
    input: [declared(tick, DataType.FLOAT, 0)],
    output: [declared(handed, DataType.FLOAT, 0)],
  };
  const attribute: NewNode["attribute"] = [
    { name: "num_scan_inputs", type: AttributeType.INT, i: 1n },
    { name: "body", type: AttributeType.GRAPH, g: body },
  ];
  return { name, opType: "Scan", input: [ticksOf(name)], output: [ticksAfter(name)], attribute };
}

function ticksOf(loop: string): string {
  return `ticks of ${loop}`;
}

function ticksAfter(loop: string): string {
  return `ticks after ${loop}`;
}

/** What a product of the step is called here. */
function productOf({ output }: NodeProto): string {
  return `product ${output[0]}`;
}

/** A value of a graph, with axes of any length. */
function declared(name: string, elemType: DataType, rank: number): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = Array.from({ length: rank }, (_, axis) => ({
    value: { case: "dimParam" as const, value: `${name}, axis ${axis}` },
  }));
  return { name, type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } } };
}

function factorsOf(products: readonly NodeProto[]): string[] {
  return [...new Set(products.flatMap(({ input }) => input.slice(0, 2)))];
}

/** The shape of a product and the length of the axis summed over. */
function resultOf(product: NodeProto, shapes: Survey["shapes"]): { shape: number[]; inner: number } {
  const [a, b] = product.input.map((name) => shapes.get(name));
  const [rows, inner] = matrix(a!, isSet(product, "transA"));
  const [same, columns] = matrix(b!, isSet(product, "transB"));
  if (inner !== same) throw new Error(`floor: ${product.name} multiplies [${a}] by [${b}]`);
  return { shape: [...a!.slice(0, -2), rows, columns], inner };
}

function matrix(shape: readonly number[], transposed: boolean): number[] {
  const axes = shape.slice(-2);
  return transposed ? axes.reverse() : axes;
}

function isSet({ attribute }: NodeProto, name: string): boolean {
  return attribute.some((each) => each.name === name && each.i === 1n);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
