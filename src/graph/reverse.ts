import { sameShape } from "./dimension.ts";
import { apply, type Operation, requireType, shapeError, type Tensor } from "./tensor.ts";

/**
 * Each sequence backwards, the padding behind it left where it is. Twice gives the sequences again.
 *
 * @param x `[time, batch, ...]`
 * @param lengths int32 `[batch]`, each in `0 … time`
 */
export function reverseSequences(x: Tensor, lengths: Tensor): Tensor {
  return apply(ReverseSequence, x, lengths);
}

const ReverseSequence: Operation<[x: Tensor, lengths: Tensor]> = {
  name: "ReverseSequence",
  infer: ([x, lengths]) => {
    requireType("reverseSequences", "int32", { lengths });
    if (x.rank < 2 || !sameShape(lengths.shape, [x.shape[1]])) {
      throw shapeError("reverseSequences", "wants [time, batch, ...] and one length a sequence", { x, lengths });
    }
    return x;
  },
  gradient: ([, lengths], dY) => [reverseSequences(dY, lengths), undefined],
  lower: (emit, [x, lengths]) => {
    const [wide] = emit.node("Cast", [lengths], { to: 7 });
    return emit.node("ReverseSequence", [x, wide], { time_axis: 0, batch_axis: 1 });
  },
};
