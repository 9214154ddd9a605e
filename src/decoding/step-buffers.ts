import { floats, integers, type Value } from "../runtime/value.ts";
import type { Wanted } from "./stepper.ts";

/** Where a step reads its tokens and writes its scores: memory that serves every step of as many rows and likeliest tokens. */
export class StepBuffers {
  /** The token that each row reads, `[rows, 1]`. */
  readonly read: Value<"int32">;
  /** An input whose length alone counts: how many of the likeliest tokens are told. `undefined` where all are. */
  readonly ranks: Value<"int32"> | undefined;
  /** The likeliest tokens, `[rows, top]`. `undefined` where all are told. */
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

  /** Whether this memory serves such a step too. */
  fit(rows: number, { top }: Wanted): boolean {
    return this.read.shape[0] === rows && this.ranks?.shape[0] === top;
  }
}
