import { type Classifier, textInputs } from "../models/classifier.ts";
import { type Seq2SeqModel, sourceInputs } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { Program } from "../runtime/program.ts";
import { integers } from "../runtime/value.ts";
import { digits } from "./digits.ts";
import type { Matrix } from "./lesson-wire.ts";

/** The self-attention of a Transformer's encoder over several texts at once. */
export class EncoderMaps {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async compile(
    engine: Engine,
    weighted: { model: Seq2SeqModel | Classifier; weights: FlatValues },
  ): Promise<EncoderMaps> {
    const { model } = weighted;
    const { attention } = "begin" in model ? model.begin(sourceInputs()) : model.classify(textInputs());
    return new EncoderMaps(await Program.ofModel(engine, weighted, attention));
  }

  /**
   * The attention of one head on each of several rows of ids, all of one length, `[rows, tokens, tokens]`.
   *
   * @param lengths how many of each row's ids the padding mask lets through
   */
  async of(
    rows: readonly (readonly number[])[],
    { layer, head, lengths }: { layer: number; head: number; lengths: readonly number[] },
  ): Promise<Matrix[]> {
    const time = rows[0].length;
    const ids = integers([rows.length, time], Int32Array.from(rows.flat()));
    const real = integers([rows.length], Int32Array.from(lengths));
    const result = await this.#program.run({ sourceIds: ids, sourceLengths: real, ids, lengths: real });
    const { shape, data } = result[`encoder.${layer}`];
    return rows.map((_, row) =>
      Array.from({ length: time }, (_, query) => {
        const from = ((row * shape[1] + head) * time + query) * time;
        return Array.from((data as Float32Array).subarray(from, from + time), digits);
      }),
    );
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}
