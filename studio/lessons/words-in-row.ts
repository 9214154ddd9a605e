import { textWidth } from "../../src/charts/text-block.ts";

/** A word with its place in a picture. */
export interface PlacedWord {
  readonly text: string;
  /** Its middle. */
  readonly x: number;
  /** Of its tile. */
  readonly width: number;
}

export interface PlacedRow {
  readonly words: readonly PlacedWord[];
  /** Size of the letters in pixels. */
  readonly size: number;
}

const [LARGEST, SMALLEST] = [22, 11];

/** Words side by side in the middle of a width, in the largest letters that fit. */
export function wordsInRow(texts: readonly string[], { from, width }: { from: number; width: number }): PlacedRow {
  const widths = (size: number) => texts.map((text) => Math.max(size * 1.5, textWidth(text, { size }) + size * 0.9));
  const total = (size: number) => widths(size).reduce((sum, each) => sum + each, 0) + gap(size) * (texts.length - 1);
  let size = LARGEST;
  while (size > SMALLEST && total(size) > width) size -= 0.5;
  const space = Math.min(gap(size) * 2.2, (width - total(size)) / Math.max(1, texts.length - 1) + gap(size));
  const tiles = widths(size);
  const whole = tiles.reduce((sum, each) => sum + each, 0) + space * (texts.length - 1);
  let x = from + (width - whole) / 2;
  const words = texts.map((text, i) => {
    const word = { text, x: x + tiles[i] / 2, width: tiles[i] };
    x += tiles[i] + space;
    return word;
  });
  return { words, size };
}

function gap(size: number): number {
  return size * 0.4;
}
