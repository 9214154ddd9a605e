import { KERNELS_WASM } from "./kernels.wasm.ts";

/** The loops of assembly/kernels.ts. Pointers are byte offsets into the memory of the {@link Arena}. */
export interface Kernels {
  sumOfSquares(x: number, count: number): number;
  addInto(to: number, from: number, count: number): void;
  average(to: number, from: number, count: number, keep: number): void;
  adam(
    p: number,
    gradient: number,
    m: number,
    v: number,
    count: number,
    gradientScale: number,
    beta1: number,
    beta2: number,
    rate: number,
    inverseRoot: number,
    epsilon: number,
    keep: number,
  ): void;
  fillMask(to: number, count: number, seed: number, stream: number, threshold: number, keep: number): void;
}

const PAGE = 65536;
const MAX_BYTES = 65536 * PAGE;

/**
 * One block of memory that WebAssembly loops and ONNX Runtime both work in. It is laid out once, because growing it
 * would detach every view.
 */
export class Arena {
  readonly kernels: Kernels;
  readonly #buffer: ArrayBuffer;
  /** Arrays start at multiples of 64 bytes, a line of the processor's cache; none at 0. */
  #used = 64;

  /**
   * @param bytes room for everything that will be taken, see {@link Arena.roomFor}
   * @throws when more than 4 GiB are asked for, the most that WebAssembly addresses
   */
  constructor(bytes: number) {
    const pages = Math.ceil((bytes + this.#used) / PAGE);
    if (pages * PAGE >= MAX_BYTES) {
      throw new Error(
        `memory: ${(bytes / 2 ** 30).toFixed(1)} GiB wanted, at most 4 are possible; use a smaller model`,
      );
    }
    const memory = new WebAssembly.Memory({ initial: pages });
    this.#buffer = memory.buffer;
    const wasm = Uint8Array.from(atob(KERNELS_WASM), (c) => c.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { memory } });
    this.kernels = instance.exports as unknown as Kernels;
  }

  /** The bytes that arrays of these lengths (in 4-byte elements) take. */
  static roomFor(...lengths: number[]): number {
    return lengths.reduce((bytes, length) => bytes + padded(length) * 4, 0);
  }

  /** `length` zeros of float32. */
  floats(length: number): Float32Array {
    return new Float32Array(this.#buffer, this.#take(length), length);
  }

  /** `length` zeros of int32. */
  integers(length: number): Int32Array {
    return new Int32Array(this.#buffer, this.#take(length), length);
  }

  #take(length: number): number {
    const start = this.#used;
    this.#used += padded(length) * 4;
    if (this.#used > this.#buffer.byteLength) throw new Error("memory: the arena is full");
    return start;
  }
}

/** A length rounded up so that the next array starts at a multiple of 64 bytes. */
function padded(length: number): number {
  return Math.ceil(length / 16) * 16;
}
