import type { FastifyReply } from "fastify";
import { ApiError, ClientGoneError } from "./api-error.ts";

/** One for all requests: the stack of an error for each cost nearly as much as checking the request. */
const OVER = new ClientGoneError("the client has its answer, or has gone away");

/**
 * A signal that ends the work on a request: when it is answered, when its client goes away, or when its time is over. Its
 * reason says which.
 *
 * @param seconds from now to the end of the answer
 */
export function requestLife({ raw }: FastifyReply, seconds: number): AbortSignal {
  const controller = new AbortController();
  const message = `the answer took longer than ${seconds} s; try again later, or ask for less`;
  const timer = setTimeout(() => controller.abort(new ApiError(504, "timeout", message)), seconds * 1000);
  raw.once("close", () => {
    clearTimeout(timer);
    controller.abort(OVER);
  });
  return controller.signal;
}
