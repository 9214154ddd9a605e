import { floats, integers, type Value } from "../runtime/value.ts";
import type { Wanted } from "./stepper.ts";

/** Where steps of so many rows read their tokens and write their scores: the same memory in each of them. */
export class StepBuffers {
  /** The token that each row reads, `[rows, 1]`. */
  readonly read: Value<"int32">;
  /** Of the likeliest tokens, if not of all: an input as long as there are to be told. */
  readonly ranks: Value<"int32"> | undefined;
  /** The likeliest tokens, if not all are told, `[rows, top]`. */
  readonly tokens: Value<"int32"> | undefined;
  /** `[rows, top]`, or `[rows, vocabulary]` */
  readonly logProbabilities: Value<"float32">;

  constructor(rows: number, { top }: Wanted, vocabularySize: number) {
    const columns = top ?? vocabularySize;
    this.read = integers([rows, 1], new Int32Array(rows));
    this.ranks = top === undefined ? undefined : integers([top], new Int32Array(top));
    this.tokens = top === undefined ? undefined : integers([rows, top], new Int32Array(rows * top));
    this.logProbabilities = floats([rows, columns], new Float32Array(rows * columns));
  }

  /** Whether they do for such a step too. */
  fit(rows: number, { top }: Wanted): boolean {
    return this.read.shape[0] === rows && this.ranks?.shape[0] === top;
  }
}
