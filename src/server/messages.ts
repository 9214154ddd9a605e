import type { Precision } from "../decoding/decoder.ts";
import type { Device } from "../runtime/engine.ts";
import { StudioError } from "../studio/studio-error.ts";
import type { ErrorEvent } from "../studio/wire.ts";
import type { ServedModel } from "./served-model.ts";
import type { Part, Result, Task } from "./tasks.ts";

/** What a worker thread is started with. */
export interface WorkerData {
  readonly folder: string;
  readonly device?: Device;
  /** Of a model that writes. Default: `fp32`. */
  readonly precision?: Precision;
  /** Threads for one operation. */
  readonly threads: number;
  /** Whether texts may join others that are being answered. */
  readonly joining: boolean;
}

/** What a worker is told. Tasks are a batch, or join that which is worked on, see {@link canJoin}. */
export type Order =
  | { readonly type: "work"; readonly tasks: readonly { readonly id: number; readonly task: Task }[] }
  | { readonly type: "stop"; readonly id: number }
  | { readonly type: "end" };

/** What a worker tells. */
export type Report =
  | { readonly type: "ready"; readonly model: ServedModel }
  | { readonly type: "unable"; readonly error: ToldError }
  /** With the steps since the last news. */
  | { readonly type: "news"; readonly news: readonly News[]; readonly steps: number };

/** What is new of a task: something on the way, such as a part of its answer, or its end. */
export type News = { readonly id: number } & ({ readonly part: Part } | Outcome);

/** How a task ended. */
export type Outcome = { readonly result: Result } | { readonly error: ToldError } | { readonly stopped: true };

/** An error as it goes from thread to thread, which would take its name away. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of a {@link StudioError}: what the page is told. */
  readonly event?: ErrorEvent;
}

export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack, ...(error instanceof StudioError && { event: error.event() }) };
}

export function errorOf({ name, message, stack, event }: ToldError): Error {
  if (event !== undefined) return new StudioError(event.code, event);
  return Object.assign(new Error(message), { name, stack });
}
