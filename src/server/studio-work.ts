import type { StudioModel } from "../studio/studio-model.ts";
import { type News, toldError } from "./messages.ts";
import type { Part, Result, StudioTask } from "./tasks.ts";
import type { WorkItem } from "./work-item.ts";

/**
 * Does what the page wants.
 *
 * @returns after each step what is new
 */
export async function* workForPage(
  studio: StudioModel,
  { id, task, signal }: WorkItem<StudioTask>,
): AsyncGenerator<readonly News[], void, undefined> {
  try {
    const steps = begun(studio, task, signal);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return yield [{ id, result: value }];
      yield [{ id, part: value }];
    }
  } catch (error) {
    if (!signal.aborted) yield [{ id, error: toldError(error) }];
  }
}

function begun(studio: StudioModel, task: StudioTask, signal: AbortSignal): AsyncGenerator<Part, Result, undefined> {
  switch (task.kind) {
    case "generate":
      return studio.generate(task.request, signal);
    case "occlude":
      return hidden(studio.occlude(task.reading, task.what, signal));
    case "cell":
      return atOnce(studio.cell(task.reading, task.place));
    case "lesson":
      return atOnce(studio.lesson(task.request, signal));
  }
}

async function* hidden(steps: AsyncGenerator<Part, void, undefined>): AsyncGenerator<Part, Result, undefined> {
  yield* steps;
  return "hidden";
}

// biome-ignore lint/correctness/useYield: there is nothing to tell on the way
async function* atOnce(result: Promise<Result>): AsyncGenerator<Part, Result, undefined> {
  return await result;
}
