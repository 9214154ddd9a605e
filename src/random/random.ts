import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * A seeded stream of random numbers, the same on every machine.
 *
 * A stream is named by a seed and labels (`Random.of(7, "shuffle", epoch)`), so that any part of a run can be made
 * again without keeping a state: a checkpoint only needs to know where it was.
 */
export class Random {
  readonly #generator: RandomGenerator;

  private constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** The stream of this seed and these labels; other labels give an unrelated stream. */
  static of(seed: number, ...labels: (string | number)[]): Random {
    return new Random(hash(JSON.stringify([seed, ...labels])));
  }

  /** A whole number of 32 random bits, `0 … 2³² − 1`. */
  bits(): number {
    return this.#generator.next() >>> 0;
  }

  /** Uniform in `[0, 1)`, with 53 random bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 0x4000000 + (this.bits() >>> 6)) / 0x20000000000000;
  }

  /** Normal with mean 0 and variance 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A whole number in `0 … below − 1`, all equally likely. */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T extends unknown[] | Int32Array | Uint32Array>(items: T): T {
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      const item = items[last];
      items[last] = items[chosen];
      items[chosen] = item;
    }
    return items;
  }
}

/** FNV-1a over UTF-16 code units, then MurmurHash3's finaliser to spread the bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
