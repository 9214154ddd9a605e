import { type AttendedWord, attendedWords } from "../decoding/attended-words.ts";
import { Judge, type Judgement } from "../decoding/judge.ts";
import type { AnswerOptions } from "../decoding/responder.ts";
import { type Answer, Responder } from "../decoding/responder.ts";
import { answerAttention } from "../explain/answer-attention.ts";
import type { ExplainedText } from "../explain/attention-map.ts";
import { truncationOf } from "../formats/classifier-config.ts";
import {
  judgingModelOf,
  kindIn,
  type LoadedClassifier,
  type LoadedModel,
  type LoadedSeq2Seq,
  MODEL_FILES,
  ModelFolderError,
  readModel,
} from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import { openWebEngine, type WebEngineOptions } from "../runtime/web.ts";
import { FetchedFiles } from "./fetched-files.ts";

/** How a model is opened in a page. */
export interface OpenOptions extends Partial<WebEngineOptions> {
  /** Whether answers hold attention where a call does not say; attended words of a classifier. Default: no. */
  readonly attention?: boolean;
}

/** What stands beside this module in the folder of an export. */
function beside(path: string): URL {
  return new URL(path, import.meta.url);
}

const OWN = beside("model/");

/** A model that writes, ready to answer in a page. */
export class PageModel {
  readonly kind = "seq2seq";
  readonly #loaded: LoadedSeq2Seq;
  readonly #responder: Responder;

  private constructor(loaded: LoadedSeq2Seq, responder: Responder) {
    this.#loaded = loaded;
    this.#responder = responder;
  }

  static async compile(engine: Engine, loaded: LoadedSeq2Seq, options: Pick<OpenOptions, "attention">) {
    return new PageModel(loaded, await Responder.compile(engine, loaded, options));
  }

  /** The longest text or answer, in tokens with `<start>` and `<end>`. */
  get maxLength(): number {
    return this.#loaded.model.maxLength;
  }

  /**
   * Answers a text.
   *
   * @throws {TextError} when the text is empty or too long for the model
   * @throws {SearchOptionsError} when an option does not fit
   */
  answer(text: string, options?: AnswerOptions): Promise<Answer> {
    return this.#responder.answer(text, options);
  }

  /**
   * Answers a text in parts, each as soon as it is certain. Leaving the loop stops the search.
   *
   * @returns after the parts, which joined are the answer's text, the answer
   * @throws as {@link answer}, and the reason of the signal when that stops it
   */
  stream(text: string, options?: AnswerOptions): AsyncGenerator<string, Answer, undefined> {
    return this.#responder.stream(text, options);
  }

  /**
   * The attention that an answer holds, as maps.
   *
   * @param answer given with `attention: true`
   * @throws {AttentionError} when it holds none
   */
  attentionOf(answer: Answer): ExplainedText {
    return answerAttention(this.#loaded.tokenizer, answer);
  }

  /** Frees the memory of the compiled model. */
  async release(): Promise<void> {
    await this.#responder.release();
  }
}

/** A judgement with the words that it looked at. */
export interface JudgedText extends Judgement {
  /** Only if attention was asked for, of a model that attends, where pieces can be told apart by words. */
  readonly words?: readonly AttendedWord[];
}

/** A classifier, ready to judge in a page. */
export class PageClassifier {
  readonly kind = "classifier";
  readonly #loaded: LoadedClassifier;
  readonly #judge: Judge;

  private constructor(loaded: LoadedClassifier, judge: Judge) {
    this.#loaded = loaded;
    this.#judge = judge;
  }

  static async compile(engine: Engine, loaded: LoadedClassifier, { attention }: Pick<OpenOptions, "attention">) {
    return new PageClassifier(loaded, await Judge.compile(engine, judgingModelOf(loaded), { attention }));
  }

  /** The names of the classes, by number. */
  get labels(): readonly string[] {
    return this.#judge.labels;
  }

  /** @throws {TextError} when the text has no words */
  async judge(text: string): Promise<JudgedText> {
    const { tokenizer, config } = this.#loaded;
    const judged = await this.#judge.judge(text);
    const words = judged.attention && attendedWords(tokenizer, text, judged.attention, truncationOf(config));
    return { ...judged, ...(words && { words }) };
  }

  /** Frees the memory of the compiled model. */
  async release(): Promise<void> {
    await this.#judge.release();
  }
}

/**
 * Opens a model that writes: loads its folder from the web server and compiles it for answering.
 *
 * @param folder absolute, or relative to the page. Default: `model/` beside this module
 * @throws {ModelFolderError} when a file cannot be fetched or is damaged, or the model is a classifier
 */
export async function openModel(folder: string | URL = OWN, options: OpenOptions = {}): Promise<PageModel> {
  const loaded = await loadedFrom(folder);
  if (loaded.kind === "seq2seq") return PageModel.compile(engineFor(options), loaded, options);
  throw new ModelFolderError(`${folder}: holds a classifier, which writes no answers; open it with openClassifier`);
}

/**
 * Opens a classifier: loads its folder from the web server and compiles it for judging.
 *
 * @param folder as of {@link openModel}
 * @throws {ModelFolderError} when a file cannot be fetched or is damaged, or the model is none
 */
export async function openClassifier(folder: string | URL = OWN, options: OpenOptions = {}): Promise<PageClassifier> {
  const loaded = await loadedFrom(folder);
  if (loaded.kind === "classifier") return PageClassifier.compile(engineFor(options), loaded, options);
  throw new ModelFolderError(`${folder}: holds a model that writes answers, no classifier; open it with openModel`);
}

/**
 * What kind of model a folder holds.
 *
 * @param folder as of {@link openModel}
 * @throws {ModelFolderError} when its config.json cannot be fetched or is damaged
 */
export async function kindOfModel(folder: string | URL = OWN): Promise<LoadedModel["kind"]> {
  return kindIn(await new FetchedFiles(folder, { names: [MODEL_FILES.config] }).json(MODEL_FILES.config));
}

function loadedFrom(folder: string | URL): Promise<LoadedModel> {
  return readModel(new FetchedFiles(folder));
}

function engineFor({ files, threads }: OpenOptions): Engine {
  const own = { script: beside("ort/ort-wasm-simd-threaded.js"), wasm: beside("ort/ort-wasm-simd-threaded.wasm") };
  return openWebEngine({ files: files ?? own, threads });
}
