import type { LoweredInput } from "../onnx/lower.ts";
import { Random } from "../random/random.ts";
import { Arena } from "./kernels.ts";
import { shapeWith } from "./program.ts";
import { floats, type Value } from "./value.ts";

/**
 * Draws the dropout masks of a training step. They depend on the seed, the step, the batch within the step and
 * the place in the graph alone, so that a resumed run draws the same.
 */
export class MaskPool {
  readonly #inputs: readonly LoweredInput[];
  readonly #seed: number;
  #arena: Arena | undefined;
  #pool: Float32Array = new Float32Array(0);

  /** @param inputs of a program; those that are not masks are left alone */
  constructor(inputs: readonly LoweredInput[], seed: number) {
    this.#inputs = inputs.filter(({ kind }) => kind === "mask");
    this.#seed = seed;
  }

  /** Masks for these lengths; they stay valid until the next call. */
  draw(step: number, part: number, lengths: ReadonlyMap<string, number>): Record<string, Value> {
    const shapes = this.#inputs.map((input) => shapeWith(lengths, input));
    // Each mask starts at a multiple of eight floats, as many as one hash pair fills.
    const sizes = shapes.map((shape) => Math.ceil(shape.reduce((a, b) => a * b, 1) / 8) * 8);
    this.#reserve(sizes.reduce((a, b) => a + b, 0));
    const random = Random.of(this.#seed, "dropout", step, part);
    let offset = 0;
    return Object.fromEntries(
      this.#inputs.map(({ name, rate = 0 }, i) => {
        const pointer = this.#pool.byteOffset + offset * 4;
        const threshold = Math.round(rate * 65536);
        this.#arena!.kernels.fillMask(pointer, sizes[i], random.bits(), random.bits(), threshold, 1 / (1 - rate));
        const size = shapes[i].reduce((a, b) => a * b, 1);
        const mask = floats(shapes[i], this.#pool.subarray(offset, offset + size));
        offset += sizes[i];
        return [name, mask];
      }),
    );
  }

  #reserve(length: number): void {
    if (this.#arena !== undefined && length <= this.#pool.length) return;
    const room = Math.max(Math.ceil(length * 1.25), 1 << 16);
    this.#arena = new Arena(Arena.roomFor(room));
    this.#pool = this.#arena.floats(room);
  }
}
