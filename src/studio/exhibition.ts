import type { Exhibit } from "./exhibit.ts";
import { overview } from "./jmk1.ts";
import { checkIndex, notOffered, StudioError } from "./studio-error.ts";
import type { Kind } from "./wire.ts";

/** Keeps what was looked at last, by name, within so many bytes of weights. */
export class Exhibition {
  /** The least recently used first. */
  readonly #exhibits = new Map<string, Exhibit>();
  readonly #most: number;
  #bytes = 0;

  /** @param most bytes; the newest exhibit is kept even if it alone has more */
  constructor(most: number) {
    this.#most = most;
  }

  put(name: string, exhibit: Exhibit): void {
    this.#drop(name);
    this.#exhibits.set(name, exhibit);
    this.#bytes += bytesOf(exhibit);
    for (const [oldest] of this.#exhibits) {
      if (this.#bytes <= this.#most || oldest === name) break;
      this.#drop(oldest);
    }
  }

  /** @throws {StudioError} when there is none of this name, or no more */
  get(name: string): Exhibit {
    const exhibit = this.#exhibits.get(name);
    if (exhibit === undefined) {
      throw new StudioError("gone", {
        ko: "이 문장의 어텐션은 이제 없습니다. 문장을 다시 보내 주세요.",
        en: "the attention of this sentence is not kept any more; send the sentence again",
      });
    }
    this.#exhibits.delete(name);
    this.#exhibits.set(name, exhibit);
    return exhibit;
  }

  /**
   * All heads of a kind, as a JMK1 file.
   *
   * @throws {StudioError} when there is no such exhibit or kind
   */
  overview(name: string, kind: Kind): Uint8Array<ArrayBuffer> {
    return overview(this.get(name), kind);
  }

  /**
   * The exact weights of one head, `[rows, cols]`, as float32 in the order of this machine, which is little-endian
   * wherever ONNX Runtime runs.
   *
   * @throws {StudioError} when there is no such exhibit, kind, layer or head
   */
  head(name: string, kind: Kind, layer: number, head: number): Float32Array {
    const stack = this.get(name).stacks.find((one) => one.kind === kind);
    if (stack === undefined) throw notOffered();
    const { layers, heads, weights } = stack;
    checkIndex("layer", layer, layers);
    checkIndex("head", head, heads);
    const cells = weights.length / (layers * heads);
    const place = layer * heads + head;
    return weights.subarray(place * cells, (place + 1) * cells);
  }

  #drop(name: string): void {
    const exhibit = this.#exhibits.get(name);
    if (exhibit === undefined) return;
    this.#exhibits.delete(name);
    this.#bytes -= bytesOf(exhibit);
  }
}

/** What an exhibit without attention counts, for its ids and words. */
const LEAST_BYTES = 4096;

function bytesOf({ stacks }: Exhibit): number {
  return stacks.reduce((sum, { weights }) => sum + weights.byteLength, LEAST_BYTES);
}
