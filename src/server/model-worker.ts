import { type Attending, attentionOf } from "../explain/attention-of.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import { loadModelFolder } from "../formats/model-folder.ts";
import type { Engine } from "../runtime/engine.ts";
import { openEngine } from "../runtime/node.ts";
import { openStudio } from "../studio/open-studio.ts";
import type { StudioModel } from "../studio/studio-model.ts";
import {
  type OpenedClassifier,
  type OpenedModel,
  openLoadedClassifier,
  openLoadedModel,
} from "../training/open-model.ts";
import { explain } from "./explaining.ts";
import { judge } from "./judging.ts";
import { fontOf, outlinesOf } from "./lettering.ts";
import type { News, WorkerData } from "./messages.ts";
import { type ServedModel, servedModel } from "./served-model.ts";
import { workForPage } from "./studio-work.ts";
import type { ExplainTask, JudgeTask, StudioTask, Task, WriteTask } from "./tasks.ts";
import type { WorkItem } from "./work-item.ts";
import { write } from "./writing.ts";

/** After so much news an answer that only warms up is given up: some models end none by themselves. */
const MOST_NEWS = 64;

/** A model at work: does one batch of tasks after the other. */
export class ModelWorker {
  readonly model: ServedModel;
  readonly #engine: Engine;
  readonly #loaded: LoadedModel;
  readonly #opened: OpenedModel | OpenedClassifier;
  #attending: Promise<Attending> | undefined;
  #studio: Promise<StudioModel> | undefined;

  private constructor(model: ServedModel, engine: Engine, loaded: LoadedModel, opened: OpenedModel | OpenedClassifier) {
    this.model = model;
    this.#engine = engine;
    this.#loaded = loaded;
    this.#opened = opened;
  }

  /**
   * Loads a model folder, compiles the model, and has it answer an example, so that who asks first waits no longer than
   * others.
   *
   * @throws {ModelFolderError} when the folder holds no model, or a damaged one
   * @throws {DeviceError} when this machine does not have the device
   */
  static async open({ folder, device, precision, threads, joining }: WorkerData): Promise<ModelWorker> {
    const loaded = await loadModelFolder(folder);
    const engine = await openEngine({ device, threads });
    const opened =
      loaded.kind === "seq2seq"
        ? await openLoadedModel(engine, loaded, { precision, joining })
        : await openLoadedClassifier(engine, loaded, { attention: true });
    const worker = new ModelWorker(await servedModel(folder, loaded), engine, loaded, opened);
    await worker.#warmUp();
    return worker;
  }

  /**
   * Does tasks that share a batch, all of one kind.
   *
   * @param arrivals asked between two steps for tasks that join them; only of those that {@link canJoin}
   * @returns after each step what is new
   * @throws what went wrong with the batch as a whole
   */
  async *work(
    items: readonly WorkItem[],
    arrivals: () => readonly WorkItem[] = () => [],
  ): AsyncGenerator<readonly News[]> {
    const [first] = items;
    const { id, task } = first;
    const { kind } = task;
    if (kind === "explain") yield [{ id, result: await this.#explain(task) }];
    else if (kind === "judge") {
      if (this.#opened.kind !== "classifier")
        throw new WrongModelError("this model writes answers, it tells no classes");
      yield* judge(this.#opened, items as readonly WorkItem<JudgeTask>[]);
    } else if (kind === "write") {
      if (this.#opened.kind !== "seq2seq") throw new WrongModelError("this model tells classes, it writes no answers");
      yield* write(
        this.#opened.responder,
        items as readonly WorkItem<WriteTask>[],
        arrivals as () => readonly WorkItem<WriteTask>[],
      );
    } else if (kind === "outline") {
      yield [{ id, result: await outlinesOf(task.request) }];
    } else if (kind === "font") {
      yield [{ id, result: await fontOf(task) }];
    } else {
      this.#studio ??= openStudio(this.#engine, this.#loaded);
      yield* workForPage(await this.#studio, first as WorkItem<StudioTask>);
    }
  }

  /** Both as the API and as the page ask; what comes of it, an answer or an error, is nobody's. */
  async #warmUp(): Promise<void> {
    for (const { src } of this.model.card.examples.slice(0, 1)) {
      const asked: Task =
        this.#opened.kind === "classifier"
          ? { kind: "judge", text: src, attention: true }
          : { kind: "write", text: src, search: { maxTokens: 8 }, parts: false };
      for (const task of [asked, { kind: "generate", request: { src, beam: 4 } } as const]) {
        const life = new AbortController();
        let news = 0;
        for await (const _ of this.work([{ id: 0, task, signal: life.signal }])) if (++news === MOST_NEWS) life.abort();
      }
    }
  }

  /** What shows attention is compiled when it is first asked for. */
  async #explain(task: ExplainTask): Promise<string> {
    this.#attending ??= attentionOf(this.#engine, this.#loaded);
    return explain(await this.#attending, task);
  }
}

/** The model is not of the kind that does such tasks. */
class WrongModelError extends Error {
  override readonly name = "WrongModelError";
}
