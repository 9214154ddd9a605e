import {
  type SymbolType,
  symbolCircle,
  symbolCross,
  symbolDiamond2,
  symbolSquare,
  symbolStar,
  symbolTriangle,
} from "d3-shape";

/** What tells a line from the others: colour, shape of its marks and dashes, so that it also does in black and white. */
export interface SeriesLook {
  colour: string;
  mark: SymbolType;
  /** In square pixels. */
  markArea: number;
  /** `stroke-dasharray`; none for a solid line. */
  dashes: string | undefined;
}

/**
 * The look of the line at a place in the legend, from 0.
 *
 * The first six are solid; the seventh has the colour of the first, dashes and another mark. All of the first 36 differ.
 */
export function seriesLook(place: number): SeriesLook {
  const round = Math.floor(place / COLOURS.length);
  const [mark, markArea] = MARKS[(place + round) % MARKS.length]!;
  return {
    colour: COLOURS[place % COLOURS.length]!,
    mark,
    markArea,
    dashes: DASHES[round % DASHES.length],
  };
}

/** On white at least 3.3 : 1, and any two at least 19 ΔE00 apart, also for protan, deutan and tritan eyes. */
const COLOURS = ["#113aa6", "#ab8700", "#008968", "#77001e", "#9b74d9", "#3a5100"];

/** With areas that look alike. */
const MARKS: readonly (readonly [SymbolType, number])[] = [
  [symbolCircle, 46],
  [symbolSquare, 46],
  [symbolTriangle, 48],
  [symbolDiamond2, 54],
  [symbolCross, 54],
  [symbolStar, 48],
];

const DASHES = [undefined, "6 4", "2 4"];
