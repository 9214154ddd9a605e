import type { IncomingMessage } from "node:http";
import { randomSeq2Seq } from "../formats/small-models.ts";
import { begin, eventsOf, type SentEvent } from "./running.ts";

/** A model whose answers may be of any length: a step of a recurrent network costs the same, however far it is. */
export const patient = () => randomSeq2Seq({ model: "recurrent", maxLength: 100_000 });

/** A search for an answer that takes minutes. */
export const ENDLESS = { minTokens: 90_000 };

/** A request whose answer has begun. */
export interface Stream {
  readonly reply: IncomingMessage;
  readonly events: AsyncGenerator<SentEvent, void, undefined>;
  readonly first: SentEvent;
  leave(): void;
}

/** Asks for a streamed answer, and waits for its first part. */
export async function stream(url: string, body: object): Promise<Stream> {
  const reply = await begin(`${url}/v1/chat`, { body: { ...body, stream: true } });
  // A stream that is cut off is no error of the test; its events end.
  reply.on("error", () => {});
  const events = eventsOf(reply);
  const { value } = await events.next();
  return { reply, events, first: value as SentEvent, leave: () => reply.destroy() };
}

/** The parts of a stream, joined, and its last event. */
export async function rest({ events, first }: Stream): Promise<{ text: string; last: SentEvent }> {
  let text = "";
  let last = first;
  for (let event: SentEvent | undefined = first; event !== undefined; ) {
    last = event;
    if (event.event === "part") text += (JSON.parse(event.data) as { text: string }).text;
    event = (await events.next()).value ?? undefined;
  }
  return { text, last };
}
