import * as z from "zod";
import { ModelFolderError, messageOf, readModel } from "../formats/loaded-model.ts";
import { openWebEngine } from "../runtime/web.ts";
import { exhibited } from "../studio/exhibited.ts";
import { Exhibition } from "../studio/exhibition.ts";
import { lessonAsked, lessonRequest } from "../studio/lesson-request.ts";
import { modelCard } from "../studio/model-card.ts";
import { openStudio } from "../studio/open-studio.ts";
import { StudioError } from "../studio/studio-error.ts";
import type { StudioModel } from "../studio/studio-model.ts";
import type { ErrorEvent, ModelCard } from "../studio/wire.ts";
import { fetchBytes } from "./fetched-bytes.ts";
import { FetchedFiles } from "./fetched-files.ts";
import type { ModelBeside, Question } from "./in-page.ts";

/** Bytes of attention that are kept, of all answers together. */
const MOST_KEPT = 2 ** 26;

/** It is the reader's own machine that computes, so nothing is to be protected from large searches. */
const lesson = lessonRequest(z.string(), Number.MAX_SAFE_INTEGER);

/** A model in a page, and all that the studio asks of it: what a server is elsewhere. */
export class PageStudio {
  readonly #card: ModelCard;
  readonly #studio: Promise<StudioModel>;
  readonly #exhibition = new Exhibition(MOST_KEPT);
  /** Settles when the model has done what it was asked. */
  #busy: Promise<unknown> = Promise.resolve();
  #generations = 0;

  private constructor(card: ModelCard, studio: Promise<StudioModel>) {
    this.#card = card;
    this.#studio = studio;
    // Whoever asks is told.
    studio.catch(() => {});
  }

  /**
   * Loads the model and ONNX Runtime, and goes on to compile.
   *
   * @param folder of the export, absolute
   * @param onBytes told how many bytes each piece has that comes
   * @throws {ModelFolderError} when a file cannot be fetched or is damaged
   */
  static async load(
    { name, task }: ModelBeside,
    folder: string,
    onBytes: (bytes: number) => void,
  ): Promise<PageStudio> {
    const ort = (file: string) => new URL(`ort/ort-wasm-simd-threaded.${file}`, folder).href;
    const [loaded, wasm] = await Promise.all([
      readModel(new FetchedFiles(new URL("model/", folder), { onBytes })),
      fetchBytes(ort("wasm"), onBytes),
    ]);
    const engine = openWebEngine({ files: { script: ort("js"), wasm } });
    return new PageStudio({ id: name, name, ...modelCard(loaded, task) }, openStudio(engine, loaded));
  }

  /**
   * Answers what the page asks: with one part, or as many as there are events. The model does one thing after the other.
   *
   * @throws {StudioError} when it cannot be answered
   * @throws the reason of the signal when that stops it
   */
  async *answer(question: Question, signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    switch (question.about) {
      case "model":
        return yield this.#card;
      case "attention":
        return yield this.#exhibition.overview(question.att, question.kind).buffer;
      case "head": {
        const { kind, layer, head } = question.place;
        return yield this.#exhibition.head(question.att, kind, layer, head).slice();
      }
    }
    const before = this.#busy;
    let free = () => {};
    this.#busy = new Promise<void>((resolve) => {
      free = resolve;
    });
    try {
      await before;
      signal.throwIfAborted();
      yield* this.#compute(await this.#studio, question, signal);
    } finally {
      free();
    }
  }

  async *#compute(
    studio: StudioModel,
    question: Computed,
    signal: AbortSignal,
  ): AsyncGenerator<unknown, void, undefined> {
    switch (question.about) {
      case "generate":
        return yield* exhibited(
          studio.generate(question.request, signal),
          this.#exhibition,
          String(++this.#generations),
        );
      case "cell":
        return yield await studio.cell(this.#exhibition.get(question.att).reading, question.place);
      case "occlude": {
        const { att, i, words } = question.request;
        yield* studio.occlude(this.#exhibition.get(att).reading, { token: i, words }, signal);
        return yield { type: "done" } as const;
      }
      case "lesson": {
        const { screen } = lesson.params.parse({ screen: String(question.screen) });
        const examples = this.#card.examples.map(({ src }) => src);
        return yield await studio.lesson(lessonAsked(screen, lesson.fields.parse(question.fields), examples), signal);
      }
    }
  }
}

type Computed = Extract<Question, { about: "generate" | "cell" | "occlude" | "lesson" }>;

/** What the page is told of an error. */
export function eventOf(error: unknown): ErrorEvent {
  if (error instanceof StudioError) return error.event();
  const why = messageOf(error);
  if (error instanceof ModelFolderError) {
    const ko = `모델의 파일을 읽지 못했습니다. 빠지거나 손상된 파일이 없는지, 웹 서버로 연 페이지인지 확인하세요. (${why})`;
    return { type: "error", code: "not_opened", ko, en: why };
  }
  return {
    type: "error",
    code: "broken",
    ko: `모델을 실행하지 못했습니다: ${why}`,
    en: `the model could not be run: ${why}`,
  };
}
