import { applyAll, type MultiOperation, shapeError, type Tensor } from "./tensor.ts";

/**
 * The `k` largest elements of the last axis, largest first; of equals the one that comes first. Not differentiable.
 *
 * @param k at most the length of that axis; or a tensor `[k]`, so that each run may have another k
 * @returns their values `[..., k]`, and their positions as int32 `[..., k]`
 */
export function topK(x: Tensor, k: number | Tensor): { values: Tensor; positions: Tensor } {
  const [values, positions] = typeof k === "number" ? applyAll(TopK(k), x) : applyAll(TopK(k.shape[0]), x, k);
  return { values, positions };
}

const TopK = (k: Tensor["shape"][number]): MultiOperation<readonly [x: Tensor, ...ranks: Tensor[]]> => ({
  name: "TopK",
  attributes: { k: String(k) },
  inferAll: ([x]) => {
    const length = x.shape[x.rank - 1];
    if (x.rank === 0 || (typeof k === "number" && (k < 1 || (typeof length === "number" && k > length)))) {
      throw shapeError("topK", `the last axis has no ${k} elements`, { x });
    }
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { dtype: x.dtype, shape },
      { dtype: "int32", shape },
    ];
  },
  gradientAll: null,
  lower: (emit, [x]) => {
    const [values, wide] = emit.node("TopK", [x, emit.dimensions([k])], { axis: -1, largest: 1, sorted: 1 }, 2);
    return [values, emit.node("Cast", [wide], { to: 6 })[0]];
  },
});
