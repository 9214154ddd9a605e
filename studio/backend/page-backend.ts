import type { ModelBeside, Question, RecordedRun } from "../../src/browser/in-page.ts";
import type { Backend } from "./backend.ts";
import { BackendError, BackendGone } from "./backend-error.ts";
import { WorkerLink } from "./worker-link.ts";

/** The model beside this page, which a worker of the page runs. */
export function pageBackend(model: ModelBeside): Backend {
  const folder = new URL(".", document.baseURI).href;
  const link = new WorkerLink(model, folder);
  const only = async <Answer>(question: Question, signal?: AbortSignal): Promise<Answer> => {
    for await (const part of link.ask<Answer>(question, signal)) return part;
    throw new BackendGone();
  };
  let recorded: Promise<RecordedRun> | undefined;
  const run = () => {
    recorded ??= file("training/run.json").then((response) => response.json());
    return recorded;
  };
  return {
    offers: { lettering: false, training: model.recorded ? "recorded" : "none" },
    progress: link.progress,
    alive: async () => true,
    model: (signal) => only({ about: "model" }, signal),
    generate: (request, signal) => link.ask({ about: "generate", request }, signal),
    attention: (att, kind, signal) => only({ about: "attention", att, kind }, signal),
    head: (att, kind, layer, head, signal) => only({ about: "head", att, place: { kind, layer, head } }, signal),
    cell: ({ att, kind, l, h, i, j }, signal) =>
      only({ about: "cell", att, place: { kind, layer: l, head: h, row: i, column: j } }, signal),
    occlude: (request, signal) => link.ask({ about: "occlude", request }, signal),
    lesson: (screen, fields, signal) => only({ about: "lesson", screen, fields }, signal),
    outline: refuse,
    font: refuse,
    trainingStatus: async () => (await run()).status,
    trainingHistory: async () => (await run()).history,
    trainingSamples: async () => (await run()).samples,
    trainingLive: async function* (signal) {
      yield (await run()).now;
      // Nothing comes after it.
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    trainingFilm: async (example, signal) => (await file(`training/film-${example}.jmk1`, signal)).arrayBuffer(),
    train: refuse,
  };
}

/** What takes a server. */
async function refuse(): Promise<never> {
  throw new BackendError("not_in_a_page", {
    ko: "이 페이지에서는 할 수 없습니다. jumok serve로 여세요.",
    en: "not in this page; open the model with jumok serve",
  });
}

/** A file beside the page. */
async function file(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new BackendGone(error);
  });
  if (!response.ok) throw new BackendGone(new Error(`${path}: the server says ${response.status}`));
  return response;
}
