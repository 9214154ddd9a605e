/** Where ribbons begin and end: along one line they leave a bar, along another they reach words. */
export interface RibbonSpace {
  /** Middle of the bar that stands for 100 %, along the line. */
  readonly from: number;
  /** Middles of the words that are reached, along theirs. */
  readonly to: readonly number[];
  /** How wide 100 % is. */
  readonly whole: number;
  /** The two lines, across. */
  readonly near: number;
  readonly far: number;
  /** Words stand in a row, or in a column as on phones. */
  readonly direction: "row" | "column";
}

export interface Ribbon {
  readonly index: number;
  readonly weight: number;
  /** The path of an SVG, closed. */
  readonly path: string;
}

/** Weights below this have no ribbon. */
const LEAST = 0.004;
/** No ribbon ends thinner than this, in pixels. */
const THINNEST = 1.1;

/** A row of weights as ribbons: together as wide as the bar at its side, each centred on its word at the other. */
export function ribbonsOf(weights: ArrayLike<number>, space: RibbonSpace): Ribbon[] {
  const { from, to, whole, near, far, direction } = space;
  const middle = (near + far) / 2;
  const at = (along: number, across: number) =>
    direction === "row" ? `${fixed(along)},${fixed(across)}` : `${fixed(across)},${fixed(along)}`;
  const ribbons: Ribbon[] = [];
  let begin = from - whole / 2;
  for (let index = 0; index < to.length; index++) {
    const weight = weights[index];
    const end = begin + weight * whole;
    if (weight >= LEAST) {
      const half = Math.max(weight * whole, THINNEST) / 2;
      const [left, right] = [to[index] - half, to[index] + half];
      const path =
        `M${at(begin, near)}C${at(begin, middle)} ${at(left, middle)} ${at(left, far)}` +
        `L${at(right, far)}C${at(right, middle)} ${at(end, middle)} ${at(end, near)}Z`;
      ribbons.push({ index, weight, path });
    }
    begin = end;
  }
  return ribbons;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
