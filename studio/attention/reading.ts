import { type Mask, maskOf, type SentenceToken } from "../../src/explain/attention-map.ts";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { Span } from "./map-layout.ts";

/** A map, or a part of one. */
export interface ShownView extends AttentionView {
  /** Of a part: the columns of the whole map, and where the part begins. */
  readonly whole?: { readonly keys: AttentionView["keys"]; readonly from: Place };
}

/** A cell of a map. */
export interface Place {
  readonly row: number;
  readonly col: number;
}

/** A word that is looked at, and how much. */
export interface Look {
  readonly col: number;
  readonly token: SentenceToken;
  readonly weight: number;
}

export function rowsOf({ queries }: AttentionView): number {
  return queries.tokens.length;
}

export function colsOf({ keys }: AttentionView): number {
  return keys.tokens.length;
}

export function weightAt(view: AttentionView, { row, col }: Place): number {
  return view.weights[row * colsOf(view) + col];
}

export function maskAt({ kind, keys, whole }: ShownView, { row, col }: Place): Mask | undefined {
  if (!whole) return maskOf({ kind, keys }, row, col);
  return maskOf({ kind, keys: whole.keys }, whole.from.row + row, whole.from.col + col);
}

/** The rows and columns of a map between some places. */
export function partOf(view: AttentionView, rows: Span, cols: Span): ShownView {
  const { queries, keys, weights } = view;
  const [height, width] = [rows.to - rows.from, cols.to - cols.from];
  if (height === queries.tokens.length && width === keys.tokens.length) return view;
  return {
    ...view,
    queries: { ...queries, tokens: queries.tokens.slice(rows.from, rows.to) },
    keys: { ...keys, tokens: keys.tokens.slice(cols.from, cols.to) },
    weights: Float32Array.from(
      { length: height * width },
      (_, i) => weights[(rows.from + Math.floor(i / width)) * keys.tokens.length + cols.from + (i % width)],
    ),
    whole: { keys, from: { row: rows.from, col: cols.from } },
  };
}

/** Whether a map has this cell. */
export function has(view: AttentionView, { row, col }: Place): boolean {
  return row < rowsOf(view) && col < colsOf(view);
}

/** The cell that an address asks for, if the map has it; of a row alone what it looks at most. */
export function placeAsked({ row, col }: Partial<Place>, view: AttentionView): Place | undefined {
  if (row === undefined || row >= rowsOf(view)) return undefined;
  const place = { row, col: col ?? looksOf(view, row)[0]?.col ?? 0 };
  return has(view, place) ? place : undefined;
}

/** What a row looks at, the most first; masked cells are left out. */
export function looksOf(view: ShownView, row: number): Look[] {
  return view.keys.tokens
    .map((token, col) => ({ col, token, weight: weightAt(view, { row, col }) }))
    .filter(({ col }) => maskAt(view, { row, col }) === undefined)
    .sort((a, b) => b.weight - a.weight);
}

/** How much of all attention each column gets: the sums of columns over the rows that are text or its marks. */
export function received(view: AttentionView): number[] {
  const sums = new Array<number>(colsOf(view)).fill(0);
  view.queries.tokens.forEach(({ padding }, row) => {
    if (padding) return;
    for (let col = 0; col < sums.length; col++) sums[col] += weightAt(view, { row, col });
  });
  return sums;
}

/** Where the eye should go first: the strongest link between words, or between whatever there is. */
export function strongest(view: AttentionView): Place {
  const rank = (special: boolean) => {
    let best: Place | undefined;
    for (let row = 0; row < rowsOf(view); row++) {
      for (let col = 0; col < colsOf(view); col++) {
        const plain = !view.queries.tokens[row].special && !view.keys.tokens[col].special;
        if (!(plain || special) || maskAt(view, { row, col })) continue;
        if (!best || weightAt(view, { row, col }) > weightAt(view, best)) best = { row, col };
      }
    }
    return best;
  };
  return rank(false) ?? rank(true) ?? { row: 0, col: 0 };
}

/** Tokens of the same word as from `from` to `to`, the last not included; only words of several tokens. */
export function ties(tokens: readonly SentenceToken[]): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && tokens[to].word === tokens[from].word) to++;
    if (to - from > 1) found.push({ from, to });
    from = to;
  }
  return found;
}

/** Where a key leads from a cell of a map with these many rows and columns. */
export function moved(
  { row, col }: Place,
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">,
  size: { readonly rows: number; readonly cols: number },
): Place | undefined {
  const whole = ctrlKey || metaKey;
  const last = { row: size.rows - 1, col: size.cols - 1 };
  if (key === "ArrowUp") return { row: Math.max(0, row - 1), col };
  if (key === "ArrowDown") return { row: Math.min(last.row, row + 1), col };
  if (key === "ArrowLeft") return { row, col: Math.max(0, col - 1) };
  if (key === "ArrowRight") return { row, col: Math.min(last.col, col + 1) };
  if (key === "Home") return { row: whole ? 0 : row, col: 0 };
  if (key === "End") return { row: whole ? last.row : row, col: last.col };
  return undefined;
}
