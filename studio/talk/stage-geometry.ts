import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** Where words stand, measured from the corner of the drawing between them. */
export interface StageGeometry {
  readonly width: number;
  readonly height: number;
  /** Middles of words, along their row or column. */
  readonly source: readonly number[];
  readonly written: readonly number[];
  /** Whether words wrap so often, or are so many, that ribbons would tell nothing. */
  readonly crowded: boolean;
  /** The height that the stage must have for all of its texts and the lowest drawing. */
  readonly needed?: number;
}

export interface StageElements {
  readonly drawing: RefObject<SVGSVGElement | null>;
  readonly source: RefObject<HTMLDivElement | null>;
  readonly written: RefObject<HTMLDivElement | null>;
}

/** Sizes of words in pixels, tried from the largest until a row needs no second line. */
const SIZES = [24, 20, 17];
/** The lowest drawing, in pixels. */
const LOWEST = 40;
/** Longer sources have no ribbons. */
const MOST_WORDS = 28;
/** More lines, of source and written together, have none. */
const MOST_LINES = 3;

/** Fits the size of words to the room, then measures where they stand; again whenever the room changes. */
export function useStageGeometry(elements: StageElements, vertical: boolean): StageGeometry | undefined {
  const [geometry, setGeometry] = useState<StageGeometry>();
  const [, setRoom] = useState(0);
  useLayoutEffect(() => {
    const measured = measure(elements, vertical);
    if (measured && !same(measured, geometry)) setGeometry(measured);
  });
  useEffect(() => {
    const watcher = new ResizeObserver(() => setRoom((count) => count + 1));
    for (const { current } of Object.values(elements)) if (current) watcher.observe(current);
    document.fonts.addEventListener("loadingdone", again);
    function again() {
      setRoom((count) => count + 1);
    }
    return () => {
      watcher.disconnect();
      document.fonts.removeEventListener("loadingdone", again);
    };
  }, [elements]);
  return geometry;
}

function measure({ drawing, source, written }: StageElements, vertical: boolean): StageGeometry | undefined {
  if (!drawing.current || !source.current || !written.current) return undefined;
  const lines = vertical ? 2 : linesOf(source.current) + linesOf(written.current);
  const box = drawing.current.getBoundingClientRect();
  const middles = (row: HTMLElement) =>
    wordsIn(row).map((word) => {
      const { left, top, width, height } = word.getBoundingClientRect();
      return vertical ? top + height / 2 - box.top : left + width / 2 - box.left;
    });
  const to = middles(source.current);
  return {
    width: box.width,
    height: box.height,
    source: to,
    written: middles(written.current),
    crowded: lines > MOST_LINES || to.length > MOST_WORDS,
    ...(!vertical && { needed: neededHeight(drawing.current.parentElement!, box.height) }),
  };
}

function neededHeight(stage: HTMLElement, drawing: number): number {
  const { paddingTop, paddingBottom } = getComputedStyle(stage);
  const [first, last] = [stage.firstElementChild!, stage.lastElementChild!].map((row) => row.getBoundingClientRect());
  const texts = last.bottom - first.top - drawing;
  return Math.ceil(texts + LOWEST + Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom));
}

/** The number of lines at the largest size that needs only one, else at the smallest. */
function linesOf(row: HTMLElement): number {
  let lines = 1;
  for (const size of SIZES) {
    row.style.setProperty("--word", `${size / 16}rem`);
    lines = new Set(wordsIn(row).map((word) => Math.round(word.offsetTop + word.offsetHeight / 2))).size;
    if (lines <= 1) break;
  }
  return lines;
}

function wordsIn(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>(".word")];
}

function same(a: StageGeometry, b: StageGeometry | undefined): boolean {
  const close = (x: number, y: number) => Math.abs(x - y) < 0.5;
  const all = (xs: readonly number[], ys: readonly number[]) =>
    xs.length === ys.length && xs.every((x, i) => close(x, ys[i]));
  return (
    b !== undefined &&
    close(a.width, b.width) &&
    close(a.height, b.height) &&
    a.crowded === b.crowded &&
    close(a.needed ?? 0, b.needed ?? 0) &&
    all(a.source, b.source) &&
    all(a.written, b.written)
  );
}
