import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-common";
import type { ArrayOf, DType } from "../graph/tensor.ts";
import type { Session } from "./engine.ts";
import type { Value } from "./value.ts";

/** What both builds of ONNX Runtime have in common. */
export interface OrtLibrary {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
}

/**
 * The tensors that an engine's sessions have made of values. A value that comes again, such as a parameter or what a step
 * hands on to the next, keeps its tensor: making one costs as much as a small operation.
 */
export class OrtTensors {
  readonly #ort: OrtLibrary;
  readonly #known = new WeakMap<Value, OrtTensor>();

  constructor(ort: OrtLibrary) {
    this.#ort = ort;
  }

  of(value: Value): OrtTensor {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const made = new this.#ort.Tensor(value.dtype, value.data as Float32Array, value.shape);
    this.#known.set(value, made);
    return made;
  }

  /** A tensor that a session gave, as a value. */
  valueOf(tensor: OrtTensor): Value {
    const value = { dtype: tensor.type as DType, shape: tensor.dims, data: tensor.data as ArrayOf[DType] };
    this.#known.set(value, tensor);
    return value;
  }
}

/** How a build of ONNX Runtime treats tensors that are given for outputs. */
export interface OrtBuild {
  /** Whether it writes to them. The WebAssembly build writes to a copy of its own, and gives the tensor back as it was. */
  readonly writesInPlace: boolean;
}

/** A session of ONNX Runtime that reads and writes our values in place where the build can. */
export class OrtSession implements Session {
  readonly #session: InferenceSession;
  readonly #tensors: OrtTensors;
  readonly #build: OrtBuild;

  private constructor(session: InferenceSession, tensors: OrtTensors, build: OrtBuild) {
    this.#session = session;
    this.#tensors = tensors;
    this.#build = build;
  }

  static async load(
    ort: OrtLibrary,
    model: Uint8Array,
    options: InferenceSession.SessionOptions,
    tensors: OrtTensors,
    build: OrtBuild,
  ): Promise<OrtSession> {
    return new OrtSession(await ort.InferenceSession.create(model, options), tensors, build);
  }

  async run(
    feeds: Readonly<Record<string, Value>>,
    outputs: readonly string[],
    into: Readonly<Record<string, Value>>,
  ): Promise<Record<string, Value>> {
    const given: Record<string, OrtTensor> = {};
    for (const name of Object.keys(feeds)) given[name] = this.#tensors.of(feeds[name]);
    const fetches: Record<string, OrtTensor | null> = {};
    for (const name of outputs) {
      fetches[name] = this.#build.writesInPlace && name in into ? this.#tensors.of(into[name]) : null;
    }
    const results = await this.#session.run(given, fetches);
    const values: Record<string, Value> = {};
    for (const name of outputs) {
      values[name] = name in into ? settled(results[name], into[name]) : this.#tensors.valueOf(results[name]);
    }
    return values;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** The value that was to be written; the result is copied there if the build did not write there. */
function settled(result: OrtTensor, wanted: Value): Value {
  const data = result.data as ArrayOf[DType];
  if (data !== wanted.data && (data.buffer !== wanted.data.buffer || data.byteOffset !== wanted.data.byteOffset)) {
    (wanted.data as Float32Array).set(data as Float32Array);
  }
  return wanted;
}
