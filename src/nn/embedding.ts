import { gather } from "../graph/gather.ts";
import type { Tensor } from "../graph/tensor.ts";
import { normal } from "./initializers.ts";
import { Module, Parameter } from "./module.ts";

/** A table of learned vectors, one a token. */
export class Embedding extends Module {
  /** `[vocabulary, dModel]` */
  readonly weight: Parameter;

  constructor(vocabularySize: number, dModel: number) {
    super();
    this.weight = new Parameter([vocabularySize, dModel], normal(dModel ** -0.5));
  }

  /** int32 `[...]` → `[..., dModel]` */
  apply(ids: Tensor): Tensor {
    return gather(this.weight.tensor, ids);
  }
}
