import type { Dimension } from "../graph/dimension.ts";
import { gather } from "../graph/gather.ts";
import { slice } from "../graph/slice.ts";
import { constant } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";

/**
 * Sinusoidal positional encoding (Vaswani et al. 2017, §3.5): `PE(pos, 2i) = sin(pos / 10000^(2i/d))`,
 * `PE(pos, 2i+1) = cos(pos / 10000^(2i/d))`, computed in double precision.
 *
 * @returns `[length, dModel]`, row after row
 */
export function positionalEncoding(length: number, dModel: number): Float32Array {
  const table = new Float32Array(length * dModel);
  for (let position = 0; position < length; position++) {
    for (let feature = 0; feature < dModel; feature++) {
      const angle = position / 10000 ** ((2 * Math.floor(feature / 2)) / dModel);
      table[position * dModel + feature] = feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/** The positional encodings that a model knows. */
export class Positions {
  readonly #table: Tensor;

  constructor(maxLength: number, dModel: number, table = positionalEncoding(maxLength, dModel)) {
    this.#table = constant("float32", [maxLength, dModel], table);
  }

  /** Zeros: a model that is not told where a word stands. */
  static none(maxLength: number, dModel: number): Positions {
    return new Positions(maxLength, dModel, new Float32Array(maxLength * dModel));
  }

  /** The rows of these places, int32 `[batch]`: `[batch, dModel]`. */
  at(places: Tensor): Tensor {
    return gather(this.#table, places);
  }

  /** Rows `start … end − 1`, `[end − start, dModel]`. */
  between(start: Dimension, end: Dimension): Tensor {
    return slice(this.#table, 0, start, end);
  }
}
