/** The room that a map has, and how wide its labels are, all in pixels. */
export interface MapRoom {
  readonly rowLabels: readonly number[];
  readonly colLabels: readonly number[];
  /** The names of rows and columns, which share the corner. */
  readonly axes: readonly number[];
  readonly width: number;
  /** Unlimited on a phone, where the page scrolls. */
  readonly height: number;
  readonly phone: boolean;
}

/** Where the parts of a map stand, all in pixels. */
export interface MapLayout {
  /** Left of the cells. */
  readonly left: number;
  /** Above the cells. */
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly gap: number;
  readonly width: number;
  readonly height: number;
  /** How the labels of the columns are turned, in degrees. */
  readonly slant: number;
  /** Of how many rows and columns one has its label. */
  readonly everyRow: number;
  readonly everyCol: number;
  /** Whether weights are written into cells. */
  readonly numbers: boolean;
  /** Height of the corner that names rows and columns. */
  readonly corner: number;
  /** Room for the bars below the cells. */
  readonly below: number;
}

const SLANT = { desk: 46, phone: 58 } as const;
/** Labels of columns stand at least this far apart, those of rows that far. */
const APART = { col: 22, row: 14 } as const;
const SMALLEST = 6;

/** Lays a map out so that it fills its room: cells as large as fit, at most 60 pixels high and 1.35 times as wide. */
export function mapLayout({ rowLabels, colLabels, axes, width, height, phone }: MapRoom): MapLayout {
  const [rows, cols] = [rowLabels.length, colLabels.length];
  // A diagonal runs through the corner: names need more than their own width beside it.
  const named = Math.max(0, ...axes) * (phone ? 1.6 : 1.25);
  const left = Math.max(Math.max(0, ...rowLabels) + 22, named, phone ? 78 : 118);
  const longest = Math.max(0, ...colLabels);
  const corner = phone ? 52 : 62;
  const below = phone ? 6 : 44;
  const proportion = phone ? 1 : 1.35;
  const columns = (overhang: number) => Math.max(0, width - left - overhang) / cols;
  const level = Math.max(corner + 8, 34);
  const levelHeight = Math.min(60, (height - level - below) / rows);
  const isLevel = longest + 6 <= Math.min(columns(4), levelHeight * proportion);
  const slant = isLevel ? 0 : phone ? SLANT.phone : SLANT.desk;
  const turn = (slant * Math.PI) / 180;
  // The last label leans past the end of its column.
  const lean = isLevel ? 4 : Math.max(4, longest * Math.cos(turn) - 4);
  const top = isLevel ? level : Math.max(corner + 8, longest * Math.sin(turn) + 24);
  const cellHeight = Math.max(SMALLEST, Math.min(columns(lean), 60, (height - top - below) / rows));
  const cellWidth = Math.max(SMALLEST, Math.min(columns(lean), cellHeight * proportion));
  return {
    left,
    top,
    cellWidth,
    cellHeight,
    gap: cellHeight < 18 ? 0.5 : 1.2,
    width: left + cellWidth * cols + lean,
    height: top + cellHeight * rows + below,
    slant,
    everyRow: Math.max(1, Math.ceil(APART.row / cellHeight)),
    everyCol: isLevel ? 1 : Math.max(1, Math.ceil((cellWidth < 15 ? APART.col : 15) / cellWidth)),
    numbers: Math.min(cellWidth, cellHeight) >= 26,
    corner,
    below,
  };
}

/** The cell under a point, or nothing where there is none. */
export function placeAt(
  { left, top, cellWidth, cellHeight }: MapLayout,
  point: { readonly x: number; readonly y: number },
  size: { readonly rows: number; readonly cols: number },
): { row: number; col: number } | undefined {
  const col = Math.floor((point.x - left) / cellWidth);
  const row = Math.floor((point.y - top) / cellHeight);
  return row >= 0 && col >= 0 && row < size.rows && col < size.cols ? { row, col } : undefined;
}

/** Whether the label of a place is drawn: every so many, and not beside the one that is lit. */
export function isLabelled(place: number, every: number, lit: number | undefined): boolean {
  if (place === lit) return true;
  if (place % every !== 0) return false;
  return every === 1 || lit === undefined || Math.abs(place - lit) >= every;
}

/** The part of a long sentence that is shown. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** So many tokens around a place, within a sentence of `length`; all of them where they fit. */
export function spanAround(place: number, length: number, size: number): Span {
  if (length <= size) return { from: 0, to: length };
  const from = Math.min(length - size, Math.max(0, place - Math.floor(size / 2)));
  return { from, to: from + size };
}

const LONG = 64;
const WINDOW = 32;
/** Cells that a finger can press. */
const FINGER = 20;

/** How many tokens of a sentence fit beside one another: all of them unless it is very long or the screen is narrow. */
export function windowSize(
  length: number,
  { width, phone }: { readonly width: number; readonly phone: boolean },
): number {
  if (!phone) return length > LONG ? WINDOW : length;
  const fitting = Math.max(6, Math.floor((width - 96) / FINGER));
  return length <= fitting ? length : Math.min(WINDOW, fitting);
}
