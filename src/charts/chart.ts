/** A figure of one or more panels with one legend. */
export interface LineChart {
  title: string;
  /** A second, lighter line or two: what was measured, on what. */
  subtitle?: string;
  /** From left to right. */
  panels: readonly Panel[];
  /** What a screen reader says; by default every line with its first and last value. */
  description?: string;
}

/** Lines over one pair of axes. */
export interface Panel {
  title?: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
}

/** One direction of a panel. */
export interface Axis {
  /** The quantity with its unit, such as `Training time (minutes)`. */
  label: string;
  /** Equal steps add (`linear`, the default), or multiply: ticks at powers of ten (`log`) or of two (`log2`). */
  scale?: "linear" | "log" | "log2";
  /** How a value is written at a tick; by default with as many digits as the ticks need. */
  format?: (value: number) => string;
  /** The lower end; by default just below the smallest value. */
  from?: number;
  /** The upper end; by default just above the largest value. */
  to?: number;
}

/** A line. Series of one name, in any panel, look alike and share an entry of the legend. */
export interface Series {
  name: string;
  /** Joined in this order; a point that is not finite leaves a gap. */
  points: readonly Point[];
}

export interface Point {
  x: number;
  y: number;
}
