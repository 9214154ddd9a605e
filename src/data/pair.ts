/** A source text, the target text that belongs to it, and where they stand. */
export interface Pair {
  source: string;
  target: string;
  /** The value of the group column, if one was chosen. */
  group?: string;
  /** The physical line, from 1, on which the row starts in its file. */
  line: number;
}
