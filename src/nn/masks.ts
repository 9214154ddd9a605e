import { reshape } from "../graph/broadcast.ts";
import { type Dimension, sumOf } from "../graph/dimension.ts";
import { range } from "../graph/range.ts";
import { less, lessOrEqual } from "../graph/select.ts";
import type { Tensor } from "../graph/tensor.ts";

/**
 * The padding mask: which keys of each row are real. True = may attend, as in every mask here.
 *
 * @param lengths int32 `[batch]`, the number of real tokens of each row
 * @param time the padded length
 * @returns bool `[batch, 1, 1, time]`, for scores `[batch, heads, query, key]`
 */
export function paddingMask(lengths: Tensor, time: Dimension): Tensor {
  const [batch] = lengths.shape;
  const real = less(reshape(range(0, time), [1, time]), reshape(lengths, [batch, 1]));
  return reshape(real, [batch, 1, 1, time]);
}

/**
 * Padding that stands at the beginning: which keys of each row are real.
 *
 * @param absent int32 `[batch]`, the number of keys before the first real one of each row
 * @param time the padded length
 * @returns bool `[batch, 1, 1, time]`
 */
function absenceMask(absent: Tensor, time: Dimension): Tensor {
  const [batch] = absent.shape;
  const real = lessOrEqual(reshape(absent, [batch, 1]), reshape(range(0, time), [1, time]));
  return reshape(real, [batch, 1, 1, time]);
}

/**
 * The look-ahead mask: a position may see itself and what came before (Vaswani et al. 2017, §3.2.3).
 *
 * @param past how many positions came before the queries
 * @param time how many queries there are
 * @returns bool `[time, past + time]`
 */
export function lookAheadMask(past: Dimension, time: Dimension): Tensor {
  const end = sumOf(past, time);
  return lessOrEqual(reshape(range(0, end), [1, end]), reshape(range(past, end), [time, 1]));
}

/**
 * What queries of a decoder may see of the positions before them and of each other; `undefined` where that is all.
 *
 * @param absent of rows that read a single token, see {@link absenceMask}. Default: none
 */
export function decoderMask(past: Dimension, time: Dimension, absent?: Tensor): Tensor | undefined {
  if (absent !== undefined) return absenceMask(absent, sumOf(past, time));
  return time === 1 ? undefined : lookAheadMask(past, time);
}
