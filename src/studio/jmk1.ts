import { meanEntropy } from "./entropy.ts";
import type { Exhibit } from "./exhibit.ts";
import { notOffered } from "./studio-error.ts";
import { u8sqrt } from "./u8-sqrt.ts";
import type { AttentionHeader, Kind } from "./wire.ts";

/**
 * A JMK1 file, as {@link AttentionHeader} says.
 *
 * @param weights bytes in the order layer, head, row, column
 */
export function jmk1(header: AttentionHeader, weights: Uint8Array): Uint8Array<ArrayBuffer> {
  const bare = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(bare.length / 4) * 4;
  const file = new Uint8Array(8 + length + weights.length);
  file.set(new TextEncoder().encode("JMK1"));
  new DataView(file.buffer).setUint32(4, length, true);
  file.fill(0x20, 8, 8 + length);
  file.set(bare, 8);
  file.set(weights, 8 + length);
  return file;
}

/**
 * All heads of a kind of attention as a JMK1 file.
 *
 * @throws {StudioError} when there is no such kind
 */
export function overview({ axes, stacks }: Exhibit, kind: Kind): Uint8Array<ArrayBuffer> {
  const stack = stacks.find((one) => one.kind === kind);
  if (stack === undefined) throw notOffered();
  const { weights, ...described } = stack;
  const { rowTok, colTok } = stack;
  const [rows, cols] = [axes[rowTok]!.toks.length, axes[colTok]!.toks.length];
  const shown = Object.entries(axes).filter(([axis]) => axis === rowTok || axis === colTok);
  const header: AttentionHeader = {
    ...described,
    rows,
    cols,
    dtype: "u8sqrt",
    toks: Object.fromEntries(shown.map(([axis, { toks }]) => [axis, toks])),
    words: Object.fromEntries(shown.map(([axis, { words }]) => [axis, words])),
    entropy: Array.from({ length: stack.layers * stack.heads }, (_, head) =>
      meanEntropy(weights.subarray(head * rows * cols, (head + 1) * rows * cols), rows),
    ),
  };
  return jmk1(header, u8sqrt(weights));
}
