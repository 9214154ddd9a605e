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

/**
 * Weights as ribbons: together as wide as the bar where they leave it, each as wide as its weight and centred on its word
 * where it ends. Weights that add up to more than one, as those of a column do, are squeezed into the bar.
 */
export function ribbonsOf(weights: ArrayLike<number>, space: RibbonSpace): Ribbon[] {
  const { from, to, whole, near, far, direction } = space;
  const middle = (near + far) / 2;
  const at = (along: number, across: number) =>
    direction === "row" ? `${fixed(along)},${fixed(across)}` : `${fixed(across)},${fixed(along)}`;
  const ribbons: Ribbon[] = [];
  const total = Array.from(to, (_, index) => weights[index]).reduce((sum, weight) => sum + weight, 0);
  const squeezed = whole / Math.max(1, total);
  let begin = from - (total * squeezed) / 2;
  for (let index = 0; index < to.length; index++) {
    const weight = weights[index];
    const end = begin + weight * squeezed;
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
