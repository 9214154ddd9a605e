import type { AttentionStep } from "./hypothesis.ts";

/** All that search needs of a model; a {@link Decoder} gives it, and a few lines of a test can. */
export interface Stepper {
  readonly vocabularySize: number;
  /** The most tokens that can be written, `<end>` included. */
  readonly maxLength: number;
  /** Reads source sentences, token ids with `<start>` and `<end>`. */
  begin(sources: readonly ArrayLike<number>[]): Promise<Stepping>;
}

/** Sentences being written, a row for each that is still open; a sentence may have several rows, or none. */
export interface Stepping {
  /**
   * Reads a token in each row and tells what may come next.
   *
   * @returns scores of each row in order; what they hold may be overwritten by the next step
   */
  step(rows: StepRows, wanted: Wanted): Promise<readonly RowScores[]>;

  /**
   * Reads more sources, once between two steps. In the next step their sentences count as rows of the step before, after
   * those that it had. Absent where none may join.
   *
   * @throws as {@link Stepper.begin}
   */
  join?(sources: readonly ArrayLike<number>[]): Promise<void>;
}

/** The rows of a step. */
export interface StepRows {
  /** For each row the row of the step before that it goes on from; in the first step the number of its sentence. */
  readonly parents: readonly number[];
  /** The token that each row reads: `<start>`, then the one chosen last. */
  readonly tokens: readonly number[];
}

/** What a step shall tell. */
export interface Wanted {
  /** Of how many of the likeliest tokens; at most the vocabulary. Default: of all. */
  readonly top?: number;
  /** Default: no. */
  readonly attention?: boolean;
}

/** What may come next in a row. */
export interface RowScores {
  /** The likeliest tokens, best first, of equals the smaller id first; absent where all tokens were wanted. */
  readonly tokens?: Int32Array;
  /** Natural logarithms of probabilities, of `tokens`, or else of every token by its id. */
  readonly logProbabilities: Float32Array;
  /** What reading the token attended to; empty unless wanted. */
  readonly attention: AttentionStep;
}
