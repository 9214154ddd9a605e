import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { Address } from "../app/address.ts";
import { colsOf, type Look, looksOf, rowsOf, weightAt } from "./reading.ts";

/** Which links are drawn: as many of a row as hold a share of its attention, with or without marks such as the end. */
export interface LinkChoice {
  /** From 0 to 1. */
  readonly mass: number;
  readonly hideMarks: boolean;
}

/** The links that an address asks for; where it says nothing, most of each row. */
export function linksAsked({ mass = 90, marks }: Pick<Address, "mass" | "marks">): LinkChoice {
  return { mass: mass / 100, hideMarks: marks === "hidden" };
}

/** The links of a row that are drawn, the strongest first, and the share of attention that is not. */
export interface Links {
  readonly kept: readonly Look[];
  readonly hidden: number;
}

/** The fewest links of a row that hold the wanted share of its attention. */
export function linksOf(view: AttentionView, row: number, { mass, hideMarks }: LinkChoice): Links {
  const looks = looksOf(view, row);
  const whole = looks.reduce((sum, { weight }) => sum + weight, 0);
  const kept: Look[] = [];
  let held = 0;
  let shown = 0;
  for (const look of looks) {
    // To the millionth, so that 100 % is reached although weights are float32.
    if (held >= mass * whole - 1e-6 || look.weight === 0) break;
    held += look.weight;
    if (hideMarks && look.token.special) continue;
    shown += look.weight;
    kept.push(look);
  }
  return { kept, hidden: Math.max(0, whole - shown) };
}

/** Where lines run between two columns of words, all in pixels. */
export interface LinesLayout {
  readonly width: number;
  readonly height: number;
  readonly line: number;
  readonly rowY: readonly number[];
  readonly colY: readonly number[];
  /** Where lines leave the words that ask, and where they reach those that are looked at. */
  readonly from: number;
  readonly to: number;
}

const TITLES = 40;

export interface LinesRoom {
  readonly rowLabels: readonly number[];
  readonly colLabels: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly phone: boolean;
}

export function linesLayout({ rowLabels, colLabels, width: room, height, phone }: LinesRoom): LinesLayout {
  const most = Math.max(rowLabels.length, colLabels.length);
  const line = phone ? 32 : Math.max(22, Math.min(40, (height - TITLES - 6) / most));
  const width = Math.min(room, 680);
  const middle = (place: number, count: number) => TITLES + ((most - count) * line) / 2 + line * (place + 0.5);
  return {
    width,
    height: TITLES + line * most,
    line,
    rowY: rowLabels.map((_, row) => middle(row, rowLabels.length)),
    colY: colLabels.map((_, col) => middle(col, colLabels.length)),
    from: Math.max(0, ...rowLabels) + 30,
    to: width - Math.max(0, ...colLabels) - 66,
  };
}

/** A line of a row that is not lit. */
export interface FaintLine {
  /** The number of its head among those that are drawn. */
  readonly head: number;
  readonly row: number;
  readonly col: number;
  readonly weight: number;
  readonly path: string;
}

/** The lines of all other rows, those that are kept of each. */
export function faintLines(
  views: readonly AttentionView[],
  lit: number | undefined,
  { rowY, colY, from, to }: LinesLayout,
  choice: LinkChoice,
): FaintLine[] {
  const middle = (from + to) / 2;
  return views.flatMap((view, head) =>
    Array.from({ length: rowsOf(view) }, (_, row) => row)
      .filter((row) => row !== lit)
      .flatMap((row) => linksOf(view, row, choice).kept.map(({ col, weight }) => ({ row, col, weight })))
      .map(({ row, col, weight }) => ({
        head,
        row,
        col,
        weight,
        path: `M${from} ${rowY[row]}C${middle} ${rowY[row]} ${middle} ${colY[col]} ${to} ${colY[col]}`,
      })),
  );
}

/** All rows with the weights that are not drawn set to 0, `[rows, columns]`. */
export function keptWeights(view: AttentionView, choice: LinkChoice): number[] {
  return Array.from({ length: rowsOf(view) }, (_, row) => keptRow(view, row, choice)).flat();
}

/** A row with the weights that are not drawn set to 0. */
export function keptRow(view: AttentionView, row: number, choice: LinkChoice): number[] {
  const kept = new Set(linksOf(view, row, choice).kept.map(({ col }) => col));
  return Array.from({ length: colsOf(view) }, (_, col) => (kept.has(col) ? weightAt(view, { row, col }) : 0));
}
