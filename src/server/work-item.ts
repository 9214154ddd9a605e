import type { Task } from "./tasks.ts";

/** A task as a worker has it. */
export interface WorkItem<T extends Task = Task> {
  readonly id: number;
  readonly task: T;
  /** Gives it up. */
  readonly signal: AbortSignal;
}
