import type { Kind, Tok } from "./wire.ts";

/** Numbers for the screens of "How it works" that need more than an answer and its attention give. */
export type LessonNumbers = HeadNumbers | PaddingNumbers | PositionNumbers;

/** Rows of a matrix. */
export type Matrix = readonly (readonly number[])[];

/**
 * `POST /api/how/{2,4,5,6,8}` with `{ src, kind, l, h }`: all that one head computes while the answer is written that a
 * search with `beam`, `lenPenalty` and `force` such as `"1.2"` finds; greedy if not given. Cells of a Transformer can be computed
 * again in the page, with √d or without, with the mask or without.
 */
export interface HeadNumbers {
  readonly about: "head";
  readonly kind: Kind;
  readonly l: number;
  readonly h: number;
  /** The tokens that ask, and those that are looked at. */
  readonly rows: readonly Tok[];
  readonly cols: readonly Tok[];
  readonly causal: boolean;
  /** Width of queries and keys. */
  readonly d: number;
  /** `[rows, d]`, `[cols, d]`, `[cols, d]` */
  readonly q: Matrix;
  readonly k: Matrix;
  readonly v: Matrix;
  /** `[rows, cols]`: q·k before anything is done to it, of a recurrent model its scores; and the weights of the model. */
  readonly qk: Matrix;
  readonly w: Matrix;
}

/** `POST /api/how/7` with `{ src, l, h }`: texts of one batch, with the padding mask and without it. `src` has a text a line; examples
 * of the model fill them up to three. */
export interface PaddingNumbers {
  readonly about: "padding";
  readonly l: number;
  readonly h: number;
  readonly texts: readonly {
    /** Filled up to the longest. */
    readonly toks: readonly Tok[];
    /** Self-attention of the encoder, `[tokens, tokens]`. */
    readonly masked: Matrix;
    readonly open: Matrix;
    /** Without the mask: the mean share of a real token's attention that padding got. */
    readonly leaked: number;
  }[];
}

/** `POST /api/how/9` with `{ src, from, to, l, h }`: a word moved to another place, with positions and without them. */
export interface PositionNumbers {
  readonly about: "position";
  readonly l: number;
  readonly h: number;
  /** In the new order; `was` is the place that each token had. */
  readonly toks: readonly Tok[];
  readonly was: readonly number[];
  /** The positional encoding of each place, `[tokens, dModel]`. */
  readonly encoding: Matrix;
  /** Self-attention of the encoder before the move and after it, `[tokens, tokens]`. */
  readonly before: Matrix;
  readonly after: Matrix;
  /** The same weights used without positional encoding. */
  readonly beforeUnplaced: Matrix;
  readonly afterUnplaced: Matrix;
}
