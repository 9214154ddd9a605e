import { Decoder } from "../decoding/decoder.ts";
import { readSource, TextError } from "../decoding/responder.ts";
import { decode } from "../decoding/search.ts";
import { input } from "../graph/source.ts";
import { type Seq2SeqModel, sourceInputs } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { Program } from "../runtime/program.ts";
import { integers } from "../runtime/value.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { AttentionError, type AttentionMap, type AttentionOptions, type ExplainedText } from "./attention-map.ts";
import { mapsOf } from "./named-attention.ts";
import { sentenceOf } from "./sentence.ts";

/** A model that writes, with its weights and its tokenizer. */
export interface WritingModel {
  readonly model: Seq2SeqModel;
  readonly weights: FlatValues;
  readonly tokenizer: Tokenizer;
}

/**
 * All attention of a sequence-to-sequence model while it writes a sentence.
 *
 * The sentence is read by the decoder in one pass (teacher forcing), so what the model writes and what it is given are
 * explained by the same program. A row of the decoder's own attention is the token that was read, from `<start>` on; a
 * row of the attention to the source is the token that was written after it, up to `<end>`.
 */
export class Seq2SeqAttention {
  readonly #engine: Engine;
  readonly #model: WritingModel;
  readonly #program: Program;
  readonly #options: AttentionOptions;
  /** Compiled when a sentence is to be written. */
  #decoder: Promise<Decoder> | undefined;

  private constructor(engine: Engine, model: WritingModel, program: Program, options: AttentionOptions) {
    this.#engine = engine;
    this.#model = model;
    this.#program = program;
    this.#options = options;
  }

  /** @throws {AttentionError} when the model does not attend */
  static async compile(
    engine: Engine,
    writing: WritingModel,
    options: AttentionOptions = {},
  ): Promise<Seq2SeqAttention> {
    const { model } = writing;
    const begun = model.begin(sourceInputs());
    const stepped = model.step(input("tokens", "int32", ["batch", "target"]), begun.memory, begun.carried);
    const attention = { ...begun.attention, ...stepped.attention };
    if (Object.keys(attention).length === 0) {
      throw new AttentionError("this model does not attend: its decoder has the last state of the encoder and no more");
    }
    const program = await Program.ofModel(engine, writing, attention, options);
    return new Seq2SeqAttention(engine, writing, program, options);
  }

  /**
   * @param target what the model is to have written. Default: what it writes
   * @throws {TextError} when a text is empty or too long for the model
   */
  async explain(text: string, target?: string): Promise<ExplainedText> {
    const { tokenizer } = this.#model;
    const { startId, endId } = tokenizer;
    const source = readSource(tokenizer, this.#model.model.maxLength, text);
    const given = target === undefined ? undefined : this.#target(target);
    const ids = given ?? (await this.#written(source));
    return {
      text,
      source: sentenceOf(tokenizer, source),
      target: {
        text: target ?? tokenizer.decode(ids.filter((id) => id !== startId && id !== endId)),
        given: target !== undefined,
      },
      cut: 0,
      maps: await this.mapsOf(source, ids),
    };
  }

  /**
   * The attention of token ids.
   *
   * @param source as the model reads it
   * @param target from `<start>` on; `<end>` is the last where it was reached
   */
  async mapsOf(source: readonly number[], target: readonly number[]): Promise<AttentionMap[]> {
    const { tokenizer } = this.#model;
    // The decoder reads each token but the last and writes each but the first.
    const read = target.slice(0, -1);
    const written = target.slice(1);
    const result = await this.#program.run({
      sourceIds: integers([1, source.length], Int32Array.from(source)),
      sourceLengths: integers([1], Int32Array.of(source.length)),
      tokens: integers([1, read.length], Int32Array.from(read)),
    });
    // A recurrent model has this one attention; in a Transformer it stands among others.
    const only = Object.keys(result).length === 1;
    const sentences = {
      source: sentenceOf(tokenizer, source),
      read: sentenceOf(tokenizer, read),
      written: sentenceOf(tokenizer, written),
    };
    return mapsOf(result, {
      encoder: { queries: sentences.source, keys: sentences.source },
      decoder: { queries: sentences.read, keys: sentences.read },
      cross: { kind: only ? "alignment" : "cross", queries: sentences.written, keys: sentences.source },
    });
  }

  async release(): Promise<void> {
    await Promise.all([this.#program.release(), this.#decoder?.then((decoder) => decoder.release())]);
  }

  /** What `jumok chat` answers: token ids with `<start>` and, unless the sentence was cut off, `<end>`. */
  async #written(source: readonly number[]): Promise<number[]> {
    const { model, weights, tokenizer } = this.#model;
    const { startId, endId } = tokenizer;
    this.#decoder ??= Decoder.compile(this.#engine, model, weights, this.#options);
    const [[{ tokens, finished }]] = await decode(await this.#decoder, [source], { startId, endId });
    return [startId, ...tokens, ...(finished ? [endId] : [])];
  }

  #target(text: string): number[] {
    const { tokenizer, model } = this.#model;
    const ids = tokenizer.encode(text);
    if (ids.length === 0) throw new TextError("the target is empty");
    const framed = [tokenizer.startId, ...ids, tokenizer.endId];
    if (framed.length > model.maxLength) {
      throw new TextError(`the target has ${framed.length} tokens; this model takes at most ${model.maxLength}`);
    }
    return framed;
  }
}
