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

/** A session of ONNX Runtime that reads and writes our values in place where the build can. */
export class OrtSession implements Session {
  readonly #ort: OrtLibrary;
  readonly #session: InferenceSession;
  // A value that comes again, such as a parameter, keeps its tensor.
  readonly #tensors = new WeakMap<Value, OrtTensor>();

  private constructor(ort: OrtLibrary, session: InferenceSession) {
    this.#ort = ort;
    this.#session = session;
  }

  static async load(ort: OrtLibrary, model: Uint8Array, options: InferenceSession.SessionOptions): Promise<OrtSession> {
    return new OrtSession(ort, await ort.InferenceSession.create(model, options));
  }

  async run(
    feeds: Readonly<Record<string, Value>>,
    outputs: readonly string[],
    into: Readonly<Record<string, Value>>,
  ): Promise<Record<string, Value>> {
    const given = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, this.#tensor(value)]));
    const fetches = Object.fromEntries(outputs.map((name) => [name, name in into ? this.#tensor(into[name]) : null]));
    const results = await this.#session.run(given, fetches);
    return Object.fromEntries(outputs.map((name) => [name, settle(results[name], into[name])]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #tensor(value: Value): OrtTensor {
    const known = this.#tensors.get(value);
    if (known !== undefined) return known;
    const made = new this.#ort.Tensor(value.dtype, value.data as Float32Array, value.shape);
    this.#tensors.set(value, made);
    return made;
  }
}

/** The result as our value; copied to where it was wanted if the build did not write there. */
function settle(result: OrtTensor, wanted: Value | undefined): Value {
  const data = result.data as ArrayOf[DType];
  if (wanted === undefined) return { dtype: result.type as DType, shape: result.dims, data };
  if (data !== wanted.data && (data.buffer !== wanted.data.buffer || data.byteOffset !== wanted.data.byteOffset)) {
    (wanted.data as Float32Array).set(data as Float32Array);
  }
  return wanted;
}
