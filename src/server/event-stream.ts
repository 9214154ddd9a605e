import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** A server-sent event with a name. */
export function namedEvent(name: string, data: unknown): string {
  return `event: ${name}\n${dataEvent(JSON.stringify(data))}`;
}

/** A server-sent event without a name. */
export function dataEvent(data: string): string {
  return `data: ${data}\n\n`;
}

/**
 * Answers a request with server-sent events. The first is waited for, so that a request that fails before it is answered
 * with the status of its error.
 *
 * @param errorEvent how an error is told that comes later
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncGenerator<string, void, undefined>,
  errorEvent: (error: unknown) => string,
): Promise<FastifyReply> {
  const first = await events.next();
  async function* all() {
    try {
      if (first.done !== true) yield first.value;
      yield* events;
    } catch (error) {
      yield errorEvent(error);
    }
  }
  return reply
    .type("text/event-stream; charset=utf-8")
    .header("x-accel-buffering", "no") // a proxy shall pass each event on at once
    .send(Readable.from(all()));
}
