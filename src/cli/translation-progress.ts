import { clearLine, cursorTo } from "node:readline";
import { clock, grouped, percent } from "./numbers.ts";

/** Milliseconds between two states of a terminal's line, and between two lines elsewhere. */
const OFTEN = 250;
const SELDOM = 30_000;

/** Columns of a terminal that does not tell how many it has. */
const USUAL_COLUMNS = 80;

/** The time left is told from so many lines, or such a share of the text, on. */
const TELLING = { lines: 500, share: 0.01 };

/** What has been done of a text. */
interface Done {
  readonly lines: number;
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * How far a text is, on standard error: a line that changes on a terminal, elsewhere a line every half minute. Where the
 * terminal shows the results there is none.
 */
export class TranslationProgress {
  readonly #size: number | undefined;
  readonly #inPlace: boolean;
  readonly #hidden: boolean;
  readonly #began = performance.now();
  #shownAt = this.#began;
  #shown = false;

  /** @param text.size of the whole text in bytes, if it is known */
  constructor({ size, besideResults }: { size?: number; besideResults: boolean }) {
    this.#size = size;
    this.#inPlace = process.stderr.isTTY === true;
    this.#hidden = this.#inPlace && besideResults && process.stdout.isTTY === true;
  }

  /** @param bytes of the text that the lines had */
  show(lines: number, bytes: number): void {
    const now = performance.now();
    if (this.#hidden || now - this.#shownAt < (this.#inPlace ? OFTEN : SELDOM)) return;
    this.#shownAt = now;
    const text = progressOf({ lines, bytes, seconds: (now - this.#began) / 1000 }, this.#size);
    if (!this.#inPlace) process.stderr.write(`${text}\n`);
    else {
      this.close();
      process.stderr.write(text.slice(0, (process.stderr.columns || USUAL_COLUMNS) - 1));
      this.#shown = true;
    }
  }

  /** A line that stays. */
  note(line: string): void {
    this.close();
    process.stderr.write(`${line}\n`);
  }

  /** Takes away what does not stay. */
  close(): void {
    if (!this.#shown) return;
    cursorTo(process.stderr, 0);
    clearLine(process.stderr, 0);
    this.#shown = false;
  }
}

/** Lines, lines a second and, where the size of the whole is known, the share that is done and, after a while, the time left. */
export function progressOf({ lines, bytes, seconds }: Done, size: number | undefined): string {
  const figures = [lineCount(lines), `${(lines / seconds).toFixed(1)} lines/s`];
  if (size !== undefined && size > 0) {
    const share = Math.min(1, bytes / size);
    figures.push(percent(share));
    if (lines >= TELLING.lines || share >= TELLING.share) {
      figures.push(`${clock((seconds * (1 - share)) / share)} left`);
    }
  }
  return figures.join("  ");
}

/** `1 line` or `1,234 lines` */
export function lineCount(lines: number): string {
  return `${grouped(lines)} ${lines === 1 ? "line" : "lines"}`;
}
