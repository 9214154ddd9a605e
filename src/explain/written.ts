import { Decoder } from "../decoding/decoder.ts";
import { decode } from "../decoding/search.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** What a model writes of its own: token ids without `<start>` and `<end>`. */
export interface Written {
  readonly tokens: readonly number[];
  /** Whether it ended its sentence; else it was cut off at the longest length. */
  readonly finished: boolean;
}

/** Writes as `jumok chat` does, to know which sentence is to be explained. */
export class Writer {
  readonly #decoder: Decoder;
  readonly #tokenizer: Tokenizer;

  private constructor(decoder: Decoder, tokenizer: Tokenizer) {
    this.#decoder = decoder;
    this.#tokenizer = tokenizer;
  }

  static async compile(
    engine: Engine,
    { model, weights, tokenizer }: { model: Seq2SeqModel; weights: FlatValues; tokenizer: Tokenizer },
  ): Promise<Writer> {
    return new Writer(await Decoder.compile(engine, model, weights), tokenizer);
  }

  /** @param source token ids with `<start>` and `<end>` */
  async write(source: readonly number[]): Promise<Written> {
    const { startId, endId } = this.#tokenizer;
    const [[{ tokens, finished }]] = await decode(this.#decoder, [source], { startId, endId });
    return { tokens, finished };
  }

  async release(): Promise<void> {
    await this.#decoder.release();
  }
}
