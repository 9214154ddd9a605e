import type { Seq2SeqModel } from "../models/seq2seq.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { TextStream } from "../text/text-stream.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { Decoder, type DecoderOptions } from "./decoder.ts";
import type { AttentionStep, Hypothesis } from "./hypothesis.ts";
import { type Draft, decode, search } from "./search.ts";
import type { Arrival, SearchOptions } from "./search-options.ts";

/** One way to answer a text. */
export interface Alternative {
  readonly answer: string;
  /** The answer's pieces, as the tokenizer cuts them. */
  readonly tokens: readonly string[];
  /** Their ids. */
  readonly ids: readonly number[];
  /** Sum of the natural logarithms of the probabilities of all tokens, `<end>` included. */
  readonly score: number;
  /** What the search ranked it by; without penalties and rules it is the score. */
  readonly penalisedScore: number;
  /** Whether the answer reached its end; else it was cut off at the longest length. */
  readonly finished: boolean;
  /** For each written token, `<end>` included, attention by name; empty unless asked for. */
  readonly attention: readonly AttentionStep[];
}

/** What a model answers to a text: the best answer. */
export interface Answer extends Alternative {
  readonly input: string;
  /** The input's pieces, with `<start>` and `<end>`. */
  readonly sourceTokens: readonly string[];
  /** Wall time until the answer was there, from when its batch began, or it joined one. */
  readonly milliseconds: number;
  /** Where several were asked for: the answers from the best on, the first of them this one. */
  readonly nBest?: readonly Alternative[];
}

/** A text that is to be answered with others. */
export interface AnswerRequest {
  readonly text: string;
  /** Whether parts of its answer are told as in {@link Responder.stream}. Default: no. */
  readonly parts?: boolean;
  /** Gives it up, between two steps; then it gets no answer. */
  readonly signal?: AbortSignal;
  /** What its draws follow from. Default: the seed of all. */
  readonly seed?: number;
}

/**
 * What is new of one of several texts that are answered together: a part of its answer, or the whole; or why it cannot be
 * read.
 */
export type AnswerNews<Request extends AnswerRequest = AnswerRequest> =
  | { readonly request: Request; readonly part: string }
  | { readonly request: Request; readonly answer: Answer }
  | { readonly request: Request; readonly error: TextError };

/** How answers are searched for, all in the same way. */
export type AnswerOptions = Omit<SearchOptions, "each" | "arrivals">;

/** A text that a model cannot take; the message says why. */
export class TextError extends Error {
  override readonly name = "TextError";
  /** How many tokens the text has, where they are too many. */
  readonly tokens?: number;

  constructor(message: string, tokens?: number) {
    super(message);
    this.tokens = tokens;
  }
}

/**
 * What a model that writes reads of a text: token ids with `<start>` and `<end>`.
 *
 * @param maxLength the most tokens it takes
 * @throws {TextError} when the text is empty or too long for the model
 */
export function readSource(tokenizer: Tokenizer, maxLength: number, text: string): number[] {
  const ids = tokenizer.encode(text);
  if (ids.length === 0) throw new TextError("the text is empty");
  const source = tokenizer.asSource(ids);
  if (source.length > maxLength) {
    throw new TextError(`the text has ${source.length} tokens; this model takes at most ${maxLength}`, source.length);
  }
  return source;
}

/** Answers texts with a trained model: text in, text out. */
export class Responder {
  readonly #tokenizer: Tokenizer;
  readonly #decoder: Decoder;
  readonly #attention: boolean;

  private constructor(tokenizer: Tokenizer, decoder: Decoder, attention: boolean) {
    this.#tokenizer = tokenizer;
    this.#decoder = decoder;
    this.#attention = attention;
  }

  /** @param options.attention Whether answers hold attention where a call does not say. Default: no. */
  static async compile(
    engine: Engine,
    { model, weights, tokenizer }: { model: Seq2SeqModel; weights: FlatValues; tokenizer: Tokenizer },
    options: DecoderOptions = {},
  ): Promise<Responder> {
    const decoder = await Decoder.compile(engine, model, weights, options);
    return new Responder(tokenizer, decoder, options.attention ?? false);
  }

  /** The most tokens that a text may have, without those that are put around it. */
  get maxTokens(): number {
    return this.#decoder.maxLength - this.#tokenizer.asSource([]).length;
  }

  /** How many tokens a text has, without those that are put around it; it may be too long for the model. */
  countTokens(text: string): number {
    return this.#tokenizer.encode(text).length;
  }

  /**
   * @throws {TextError} when the text is empty or too long for the model
   * @throws {SearchOptionsError} when an option does not fit
   */
  async answer(text: string, options?: AnswerOptions): Promise<Answer> {
    const [answer] = await this.answerAll([text], options);
    return answer;
  }

  /**
   * Answers several texts in one batch.
   *
   * @throws as {@link answer}
   */
  async answerAll(texts: readonly string[], options?: AnswerOptions): Promise<Answer[]> {
    const began = performance.now();
    const sources = texts.map((text) => this.sourceOf(text));
    const written = await decode(this.#decoder, sources, this.#searchOptions(options));
    return written.map((hypotheses, i) => this.#answerOf(texts[i], sources[i], hypotheses, { began, ...options }));
  }

  /**
   * Answers a text in parts, each as soon as it is certain: by the greedy search and one sample as tokens are written,
   * by several beams when all of them agree. Leaving the loop stops the search.
   *
   * @returns after the parts, which joined are the answer's text, the answer
   * @throws as {@link answer}, and the reason of the signal when that stops it
   */
  async *stream(text: string, options?: AnswerOptions): AsyncGenerator<string, Answer, undefined> {
    for await (const news of this.progress([{ text, parts: true }], options)) {
      for (const one of news) {
        if ("error" in one) throw one.error;
        if ("answer" in one) return one.answer;
        yield one.part;
      }
    }
    throw new Error("stream: the search ended without an answer");
  }

  /**
   * Answers several texts in one batch, each as soon as it is written, whatever the others still need.
   *
   * @param options.arrivals asked between two steps for texts that join the batch; that wants a model compiled for joining
   * @returns after each step what is new, which may be nothing
   * @throws {SearchOptionsError} when an option does not fit
   * @throws the reason of the signal when that stops it
   */
  async *progress<Request extends AnswerRequest>(
    requests: readonly Request[],
    { arrivals, ...options }: AnswerOptions & { readonly arrivals?: () => readonly Request[] } = {},
  ): AsyncGenerator<readonly AnswerNews<Request>[], void, undefined> {
    const open = new Map<number, { request: Request; source: number[]; began: number; stream?: PartStream }>();
    const refused: AnswerNews<Request>[] = [];
    let count = 0;
    const begun = (request: Request): Arrival[] => {
      const { text, parts, signal, seed } = request;
      try {
        const source = this.sourceOf(text);
        const stream = parts === true ? new PartStream(this.#tokenizer) : undefined;
        open.set(count++, { request, source, began: performance.now(), stream });
        return [{ source, signal, seed }];
      } catch (error) {
        if (!(error instanceof TextError)) throw error;
        refused.push({ request, error });
        return [];
      }
    };
    const first = requests.flatMap(begun);
    const steps = search(
      this.#decoder,
      first.map(({ source }) => source),
      this.#searchOptions({
        ...options,
        each: first.map(({ signal, seed }) => ({ signal, seed })),
        arrivals: arrivals && (() => arrivals().flatMap(begun)),
      }),
    );
    for await (const { drafts, ended } of steps) {
      const news = refused.splice(0);
      for (const draft of drafts) {
        const { request, stream } = open.get(draft.sentence)!;
        const part = stream?.read(draft);
        if (part) news.push({ request, part });
      }
      for (const { sentence, hypotheses } of ended) {
        const { request, source, began, stream } = open.get(sentence)!;
        open.delete(sentence);
        if (hypotheses.length === 0) continue;
        const rest = stream?.end();
        if (rest) news.push({ request, part: rest });
        news.push({ request, answer: this.#answerOf(request.text, source, hypotheses, { began, ...options }) });
      }
      yield news;
    }
    if (refused.length > 0) yield refused;
  }

  /**
   * What the model reads of a text, see {@link readSource}.
   *
   * @throws {TextError} when the text is empty or too long for the model
   */
  sourceOf(text: string): number[] {
    return readSource(this.#tokenizer, this.#decoder.maxLength, text);
  }

  async release(): Promise<void> {
    await this.#decoder.release();
  }

  #searchOptions(options: SearchOptions = {}) {
    const { startId, endId } = this.#tokenizer;
    return { attention: this.#attention, ...options, startId, endId };
  }

  #answerOf(
    input: string,
    source: readonly number[],
    hypotheses: readonly Hypothesis[],
    { began, nBest = 1 }: { began: number; nBest?: number },
  ): Answer {
    const alternatives = hypotheses.map((hypothesis) => ({
      ...hypothesis,
      answer: this.#tokenizer.decode(hypothesis.tokens),
      tokens: this.#tokenizer.pieces(hypothesis.tokens),
      ids: hypothesis.tokens,
    }));
    return {
      ...alternatives[0],
      input,
      sourceTokens: this.#tokenizer.pieces(source),
      milliseconds: performance.now() - began,
      ...(nBest > 1 && { nBest: alternatives }),
    };
  }
}

/** The text of a draft that grows. */
class PartStream {
  readonly #stream: TextStream;
  #given = 0;

  constructor(tokenizer: Tokenizer) {
    this.#stream = new TextStream(tokenizer);
  }

  /** What is certain and new. */
  read({ tokens, certain }: Draft): string {
    const part = tokens.slice(this.#given, certain).reduce((joined, id) => joined + this.#stream.push(id), "");
    this.#given = certain;
    return part;
  }

  end(): string {
    return this.#stream.end();
  }
}
