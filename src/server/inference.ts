import type { ServedModel } from "./served-model.ts";
import type { PartOf, ResultOf, Task } from "./tasks.ts";

/** All that the HTTP side needs of a model; a {@link WorkerPool} gives it, and a few lines of a test can. */
export interface Inference {
  /** What is served; `undefined` while it is being loaded. */
  readonly model: ServedModel | undefined;
  /** Whether none is being loaded either: it has yet to be trained. */
  readonly untrained: boolean;
  /**
   * Has texts dealt with, all or none.
   *
   * @param signal gives them up, wherever they are
   * @returns for each task what comes of it
   * @throws {QueueFullError} when too many are waiting already
   */
  submit<T extends Task>(tasks: readonly T[], signal: AbortSignal): Ticket<ResultOf<T>, PartOf<T>>[];
}

/** A task that is under way: what is told on the way, such as parts of an answer, and then its result. */
export type Ticket<Result, Part = unknown> = AsyncGenerator<Part, Result, undefined>;

/** Too many texts are waiting. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}

/** The result of a task, its parts left out. */
export async function resultOf<Result>(ticket: Ticket<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = await ticket.next();
    if (done === true) return value;
  }
}
