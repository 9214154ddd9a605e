import { ApiError } from "./api-error.ts";
import type { Inference } from "./inference.ts";
import type { Limits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { ServedModel } from "./served-model.ts";

/** What the routes of a server share. */
export interface Serving {
  readonly inference: Inference;
  readonly limits: Limits;
  readonly metrics: Metrics;
  /** What the model is called. */
  readonly name: string;
  /** When the server began, in seconds since 1970. */
  readonly since: number;
  /** Whether the server is about to end, and takes no more requests. */
  draining: boolean;
}

/**
 * The model that is served.
 *
 * @throws {ApiError} when it is not loaded yet, or not trained
 */
export function modelOf({ inference }: Serving): ServedModel {
  if (inference.model !== undefined) return inference.model;
  if (inference.untrained) throw untrained();
  throw new ApiError(503, "loading", "the model is being loaded; try again in a moment", { retryAfter: 1 });
}

/** What requests are told while a model has yet to be trained. */
export function untrained(): ApiError {
  return new ApiError(503, "no_model", "there is no model yet; ask again when it is trained", { retryAfter: 10 });
}

/**
 * Makes sure that the model does what is asked for.
 *
 * @throws {ApiError} when it does not, or is not loaded yet
 */
export function checkTask(serving: Serving, task: "write" | "judge"): void {
  const classifies = modelOf(serving).task === "classify";
  if (classifies === (task === "judge")) return;
  const [does, use] = classifies
    ? ["tells the class of a text and writes no answers", "/v1/classify"]
    : ["writes answers and tells no classes", "/v1/chat or /v1/translate"];
  throw new ApiError(409, "wrong_model", `the model of this server ${does}; use POST ${use}`);
}
