/** A row of a table: the text of each column that was asked for. */
export interface Row {
  /** The physical line, from 1, on which the row starts. */
  line: number;
  fields: string[];
}

/** A column of a table. */
export interface Column {
  /** As the header or the JSON key has it, or its number as text where there is no header. */
  name: string;
  /** From 0. */
  index: number;
  /** JSON numbers, true and false are read as text; otherwise only strings are. */
  scalars?: boolean;
}

/** How people name a column: by its name, or by its number from 1 (as a number or as text). */
export type ColumnChoice = string | number;
