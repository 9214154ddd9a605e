import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** A comment, so that nobody between takes the connection for dead. */
const BEAT = ": \n\n";
const BEAT_SECONDS = 10;

/** Answers with server-sent events that go on until the client leaves, or there are no more. */
export function lastingEvents<Item>(
  reply: FastifyReply,
  items: (signal: AbortSignal) => AsyncGenerator<Item, void>,
  eventOf: (item: Item) => string,
): FastifyReply {
  const gone = new AbortController();
  const stream = new Readable({ read() {} });
  const beat = setInterval(() => stream.push(BEAT), BEAT_SECONDS * 1000);
  reply.raw.once("close", () => gone.abort());
  void send();
  async function send() {
    for await (const item of items(gone.signal)) {
      // A client that reads slowly is waited for; what it misses meanwhile is the generator's matter.
      if (!stream.push(eventOf(item))) await room();
    }
    clearInterval(beat);
    stream.push(null);
  }
  async function room() {
    while (!gone.signal.aborted && stream.readableLength > stream.readableHighWaterMark) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return reply
    .type("text/event-stream; charset=utf-8")
    .header("x-accel-buffering", "no") // a proxy shall pass each event on at once
    .send(stream);
}
