import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { Decoder, type DecoderOptions } from "./decoder.ts";
import { type AttentionRow, greedy } from "./greedy.ts";

/** What a model answers to a text. */
export interface Answer {
  readonly input: string;
  readonly answer: string;
  /** The answer's pieces, as the tokenizer cuts them. */
  readonly tokens: readonly string[];
  /** The input's pieces, with `<start>` and `<end>`. */
  readonly sourceTokens: readonly string[];
  /** Sum of the natural logarithms of the probabilities of all tokens, `<end>` included. */
  readonly score: number;
  /** Whether the answer reached its end; else it was cut off at the longest length. */
  readonly finished: boolean;
  /** Wall time of the whole batch that this text was answered in. */
  readonly milliseconds: number;
  /** For each written token, `<end>` included, attention by name; empty unless asked for. */
  readonly attention: readonly Readonly<Record<string, AttentionRow>>[];
}

/** A text that a model cannot take; the message says why. */
export class TextError extends Error {
  override readonly name = "TextError";
}

/** Answers texts with a trained model: text in, text out. */
export class Responder {
  readonly #tokenizer: Tokenizer;
  readonly #decoder: Decoder;

  private constructor(tokenizer: Tokenizer, decoder: Decoder) {
    this.#tokenizer = tokenizer;
    this.#decoder = decoder;
  }

  static async compile(
    engine: Engine,
    { model, weights, tokenizer }: { model: Seq2SeqModel; weights: FlatValues; tokenizer: Tokenizer },
    options: DecoderOptions = {},
  ): Promise<Responder> {
    return new Responder(tokenizer, await Decoder.compile(engine, model, weights, options));
  }

  /** @throws {TextError} when the text is empty or too long for the model */
  async answer(text: string): Promise<Answer> {
    const [answer] = await this.answerAll([text]);
    return answer;
  }

  /**
   * Answers several texts in one batch.
   *
   * @throws {TextError} as {@link answer}
   */
  async answerAll(texts: readonly string[]): Promise<Answer[]> {
    const began = performance.now();
    const { startId, endId } = this.#tokenizer;
    const sources = texts.map((text) => this.#encode(text));
    const written = await greedy(this.#decoder, sources, { startId, endId });
    const milliseconds = performance.now() - began;
    return written.map(({ tokens, score, finished, attention }, i) => ({
      input: texts[i],
      answer: this.#tokenizer.decode(tokens),
      tokens: this.#tokenizer.pieces(tokens),
      sourceTokens: this.#tokenizer.pieces(sources[i]),
      score,
      finished,
      milliseconds,
      attention,
    }));
  }

  async release(): Promise<void> {
    await this.#decoder.release();
  }

  #encode(text: string): number[] {
    const ids = this.#tokenizer.encode(text);
    if (ids.length === 0) throw new TextError("the text is empty");
    const source = [this.#tokenizer.startId, ...ids, this.#tokenizer.endId];
    if (source.length > this.#decoder.maxLength) {
      throw new TextError(`the text has ${source.length} tokens; this model takes at most ${this.#decoder.maxLength}`);
    }
    return source;
  }
}
