import { sum } from "../graph/broadcast.ts";
import { add, scale, subtract } from "../graph/elementwise.ts";
import { pick } from "../graph/gather.ts";
import { cast, lessOrEqual } from "../graph/select.ts";
import { logSumExp, max } from "../graph/softmax.ts";
import { shapeError, type Tensor } from "../graph/tensor.ts";

/**
 * Cross-entropy of each row, in nats, with label smoothing ε (Szegedy et al. 2016, §7): the target is the label with
 * probability 1 − ε and every class with ε / classes.
 *
 * @param logits `[rows, classes]`
 * @param labels int32 `[rows]`
 * @returns `[rows]`
 */
export function crossEntropy(logits: Tensor, labels: Tensor, labelSmoothing = 0): Tensor {
  const classes = logits.shape[logits.rank - 1];
  if (typeof classes !== "number") throw shapeError("crossEntropy", "the number of classes must be known", { logits });
  const normalizer = logSumExp(logits);
  const chosen = pick(logits, labels);
  if (labelSmoothing === 0) return subtract(normalizer, chosen);
  const average = scale(sum(logits, [-1]), labelSmoothing / classes);
  return subtract(normalizer, add(scale(chosen, 1 - labelSmoothing), average));
}

/**
 * For each row 1 where no class has a higher logit than the label, else 0; so a tie counts as right.
 *
 * @param logits `[rows, classes]`
 * @param labels int32 `[rows]`
 * @returns float32 `[rows]`
 */
export function correct(logits: Tensor, labels: Tensor): Tensor {
  return cast(lessOrEqual(max(logits), pick(logits, labels)), "float32");
}
