import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  TensorProto_DataType as DataType,
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
/** The shapes of values by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

const PRODUCTS = ["Gemm", "MatMul", "FusedMatMul"];

/** The matrix products of an ONNX model; column sums, which are written as products with a row of ones, are none. */
export function productsIn(model: ModelProto): NodeProto[] {
  const nodes = model.graph?.node ?? [];
  const expanded = new Set(nodes.filter(({ opType }) => opType === "Expand").flatMap(({ output }) => output));
  return nodes.filter(({ opType, input }) => PRODUCTS.includes(opType) && !expanded.has(input[0]));
}

/** Tells the shapes of the factors of a model's products: the same model, with these shapes as its only outputs. */
export class ShapeSurvey {
  readonly #session: Session;
  readonly #names: readonly string[];

  private constructor(session: Session, names: readonly string[]) {
    this.#session = session;
    this.#names = names;
  }

  static async compile(engine: Engine, bytes: Uint8Array): Promise<ShapeSurvey> {
    const model = fromBinary(ModelProtoSchema, bytes);
    const names = factorsOf(productsIn(model));
    const graph = model.graph!;
    for (const name of names) {
      graph.node.push(create(NodeProtoSchema, { opType: "Shape", input: [name], output: [`shape of ${name}`] }));
    }
    graph.output = names.map((name) => create(ValueInfoProtoSchema, declared(`shape of ${name}`, DataType.INT64, 1)));
    return new ShapeSurvey(await engine.load(toBinary(ModelProtoSchema, model)), names);
  }

  /** @param feeds of a run of the model */
  async shapes(feeds: Feeds): Promise<Shapes> {
    const outputs = this.#names.map((name) => `shape of ${name}`);
    const results = await this.#session.run(feeds, outputs, {});
    return new Map(this.#names.map((name, i) => [name, Array.from(results[outputs[i]].data, Number)]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
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
 * Weights and their gradients have buffers of their own, as there. What comes and goes within a step shares two, one
 * for factors and one for products, so that the processor's caches help the floor at least as much as the step, which
 * uses its memory again and again. By ONNX Runtime's profile the products take the same time here as inside the step.
 */
export class ProductFloor {
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
   * @param batches the shapes of its factors, for each batch
   */
  static async compile(engine: Engine, bytes: Uint8Array, batches: readonly Shapes[]): Promise<ProductFloor> {
    const model = fromBinary(ModelProtoSchema, bytes);
    const products = productsIn(model);
    const factors = factorsOf(products);
    const lasting = new Set([...model.graph!.input, ...model.graph!.output].map(({ name }) => name));
    const results = batches.map((shapes) => products.map((product) => resultOf(product, shapes)));
    const into = buffersFor(
      products.map(({ output }) => output[0]),
      results.map((each) => each.map(({ shape }) => shape)),
      lasting,
    );
    const feeds = buffersFor(
      factors,
      batches.map((shapes) => factors.map((name) => shapes.get(name)!)),
      lasting,
    );
    return new ProductFloor(
      await engine.load(floorModel(products, factors, batches[0])),
      products.length,
      batches.map((_, i) => ({
        feeds: Object.fromEntries(feeds[i].map((value, j) => [factors[j], value])),
        into: Object.fromEntries(into[i].map((value, j) => [`product ${j}`, value])),
        flop: results[i].reduce((sum, { shape, inner }) => sum + 2 * sizeOf(shape) * inner, 0),
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

function floorModel(products: readonly NodeProto[], factors: readonly string[], shapes: Shapes): Uint8Array {
  const node = products.map(
    ({ opType, domain, input, attribute }, i): MessageInitShape<typeof NodeProtoSchema> => ({
      name: `product ${i}`,
      opType,
      domain,
      input: input.slice(0, 2),
      output: [`product ${i}`],
      attribute,
    }),
  );
  const domains = new Set(["", ...products.map(({ domain }) => domain)]);
  const model = create(ModelProtoSchema, {
    irVersion: 9n,
    producerName: "jumok bench",
    opsetImport: [...domains].map((domain) => ({ domain, version: domain === "" ? 20n : 1n })),
    graph: {
      name: "floor",
      node,
      input: factors.map((name) => declared(name, DataType.FLOAT, shapes.get(name)!.length)),
      output: products.map((product, i) =>
        declared(`product ${i}`, DataType.FLOAT, resultOf(product, shapes).shape.length),
      ),
    },
  });
  return toBinary(ModelProtoSchema, model);
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
function resultOf(product: NodeProto, shapes: Shapes): { shape: number[]; inner: number } {
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
