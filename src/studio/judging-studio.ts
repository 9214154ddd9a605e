import { Judge, type JudgingModel, readText, type Verdict } from "../decoding/judge.ts";
import { TextError } from "../decoding/responder.ts";
import { ClassifierAttention } from "../explain/classifier-attention.ts";
import { judgingModelOf, type LoadedClassifier } from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import { Cells } from "./cells.ts";
import { type Reading, stacksOf } from "./exhibit.ts";
import type { LessonNumbers } from "./lesson-wire.ts";
import { Lessons } from "./lessons.ts";
import { sizesIn } from "./model-card.ts";
import { occludedSources } from "./occlusion.ts";
import { shownSentence } from "./shown-sentence.ts";
import { checkIndex, unreadable } from "./studio-error.ts";
import type { CellPlace, Generated, GenerateNews, LessonRequest, Occluding } from "./studio-model.ts";
import { base64, u8sqrt } from "./u8-sqrt.ts";
import type { Candidate, Cell, GenerateRequest, OccludedEvent } from "./wire.ts";

const USUAL_TOP = 6;

/** Tells classes of texts with a classifier, and all that led to the verdict. */
export class JudgingStudio {
  readonly #model: JudgingModel;
  readonly #judge: Judge;
  readonly #attention: ClassifierAttention | undefined;
  readonly #cells: Cells;
  readonly #lessons: Lessons;

  private constructor(
    model: JudgingModel,
    programs: { judge: Judge; attention: ClassifierAttention | undefined; cells: Cells; lessons: Lessons },
  ) {
    this.#model = model;
    this.#judge = programs.judge;
    this.#attention = programs.attention;
    this.#cells = programs.cells;
    this.#lessons = programs.lessons;
  }

  static async open(engine: Engine, loaded: LoadedClassifier): Promise<JudgingStudio> {
    const judging = judgingModelOf(loaded);
    const attends = sizesIn(loaded).kinds.length > 0;
    const cells = new Cells(engine, loaded);
    return new JudgingStudio(judging, {
      judge: await Judge.compile(engine, judging, { attention: attends }),
      attention: attends ? await ClassifierAttention.compile(engine, judging) : undefined,
      cells,
      lessons: new Lessons(engine, loaded, cells),
    });
  }

  /** @throws {StudioError} when the text cannot be read */
  async *generate({ src, topK = USUAL_TOP }: GenerateRequest): AsyncGenerator<GenerateNews, Generated, undefined> {
    const began = performance.now();
    const { tokenizer, labels } = this.#model;
    const { ids, cut } = this.#read(src);
    const sentence = shownSentence(tokenizer, ids);
    yield { type: "src", ...sentence, cut };

    const [verdict] = await this.#judge.judgeIds([ids]);
    const classes = candidates(verdict, labels);
    const [[label, p, id]] = classes;
    const tok = { t: label, w: 0, id };
    const look = verdict.attention && { look: base64(u8sqrt(verdict.attention)) };
    yield { type: "tok", i: 0, tok, p, top: classes.slice(0, topK), ...look };
    const explained = await this.#attention?.explain(src);
    return {
      exhibit: {
        reading: { source: ids, target: [id], search: {} },
        axes: { src: sentence, tgt: { toks: [tok], words: [label] } },
        stacks: explained === undefined ? [] : stacksOf(explained.maps),
      },
      done: {
        type: "done",
        text: label,
        words: [label],
        nbest: classes.map(([text, , number]) => {
          const logp = verdict.logProbabilities[number];
          return { text, score: logp, logp, ids: [number], node: 0 };
        }),
        ms: performance.now() - began,
      },
    };
  }

  /** @throws {StudioError} when the token is not the verdict */
  async *occlude(
    { source, target: [label] }: Reading,
    { token, words }: Occluding,
    signal?: AbortSignal,
  ): AsyncGenerator<OccludedEvent, void, undefined> {
    checkIndex("i", token, 1);
    const probability = ({ logProbabilities }: Verdict) => Math.exp(logProbabilities[label]);
    const p0 = probability((await this.#judge.judgeIds([source]))[0]);
    for (const batch of occludedSources(this.#model.tokenizer, source, words)) {
      signal?.throwIfAborted();
      const verdicts = await this.#judge.judgeIds(batch.map(({ ids }) => ids));
      for (const [i, { w }] of batch.entries()) {
        yield { type: "word", w, p0, p1: probability(verdicts[i]), text: verdicts[i].label };
      }
    }
  }

  /** @throws {StudioError} when there is no such cell */
  cell(reading: Reading, place: CellPlace): Promise<Cell> {
    return this.#cells.cell(reading, place);
  }

  /** @throws {StudioError} when a text cannot be read, or there is no such head or word */
  async lesson(request: LessonRequest): Promise<LessonNumbers> {
    if (request.about === "padding") {
      return this.#lessons.padding(
        request.texts.map((text) => this.#read(text).ids),
        request,
      );
    }
    const source = this.#read(request.src).ids;
    if (request.about === "position") return this.#lessons.position(source, request);
    const reading = { source, target: [], search: {} };
    if (request.kind !== "align") return this.#lessons.head(reading, request);
    const [verdict] = await this.#judge.judgeIds([source]);
    const [[label, , id]] = candidates(verdict, this.#model.labels);
    return this.#lessons.head(reading, request, { t: label, w: 0, id });
  }

  async release(): Promise<void> {
    await Promise.all([
      this.#cells.release(),
      this.#lessons.release(),
      this.#judge.release(),
      this.#attention?.release(),
    ]);
  }

  #read(text: string) {
    try {
      return readText(this.#model, text);
    } catch (error) {
      throw error instanceof TextError ? unreadable(error, this.#model.model.maxLength) : error;
    }
  }
}

/** The classes, the likeliest first. */
function candidates({ logProbabilities }: Verdict, labels: readonly string[]): Candidate[] {
  return labels
    .map((label, number): Candidate => [label, Math.exp(logProbabilities[number]), number])
    .sort((a, b) => b[1] - a[1]);
}
