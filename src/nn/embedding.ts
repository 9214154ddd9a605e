import { gather } from "../graph/gather.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Initializer, uniform } from "./initializers.ts";
import { Module, Parameter } from "./module.ts";

/** A table of learned vectors, one a token. */
export class Embedding extends Module {
  /** `[vocabulary, dModel]` */
  readonly weight: Parameter;

  /** @param initializer of the vectors. Default: uniform in ±0.05, as in Keras */
  constructor(vocabularySize: number, dModel: number, initializer: Initializer = uniform(0.05)) {
    super();
    this.weight = new Parameter([vocabularySize, dModel], initializer);
  }

  /** int32 `[...]` → `[..., dModel]` */
  apply(ids: Tensor): Tensor {
    return gather(this.weight.tensor, ids);
  }
}
