import type { FilmHeader } from "../../src/studio/training-wire.ts";
import { type AttentionPacket, decodePacket } from "../attention/packet.ts";

/** The film of one sentence. */
export interface FilmReel extends AttentionPacket {
  readonly header: FilmHeader;
}

/** @throws {PacketError} when it is no film */
export function decodeFilm(file: ArrayBuffer): FilmReel {
  return decodePacket(file) as FilmReel;
}

/** Which head of a film is shown: one of the model's, by its number from 0 through all layers, or the mean of all. */
export type FilmHead = number | "mean";

/** The weights of a frame, `[rows, cols]`, rows adding to one. */
export function frameWeights({ header, bytes }: FilmReel, frame: number, head: FilmHead): Float32Array {
  const { heads, rows, cols } = header;
  const cells = rows * cols;
  const weights = new Float32Array(cells);
  const shown = head === "mean" ? Array.from({ length: heads }, (_, i) => i) : [head];
  for (const one of shown) {
    const from = (frame * heads + one) * cells;
    for (let i = 0; i < cells; i++) weights[i] += (bytes[from + i] / 255) ** 2;
  }
  for (let row = 0; row < cells; row += cols) {
    const part = weights.subarray(row, row + cols);
    const sum = part.reduce((all, weight) => all + weight, 0);
    if (sum > 0) for (let i = 0; i < cols; i++) part[i] /= sum;
  }
  return weights;
}

/** The head whose rows are the least spread in the last frame: where the most has been learnt. */
export function sharpestHead({ header: { entropy, heads, layers } }: FilmReel): number {
  const last = entropy.slice((layers - 1) * heads, layers * heads);
  return last.indexOf(Math.min(...last));
}

/** The strongest link of a frame. */
export function strongest(weights: Float32Array, cols: number): { row: number; col: number; weight: number } {
  let place = 0;
  for (let i = 1; i < weights.length; i++) if (weights[i] > weights[place]) place = i;
  return { row: Math.floor(place / cols), col: place % cols, weight: weights[place] };
}
