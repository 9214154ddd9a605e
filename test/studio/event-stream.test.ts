import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEvents, type StreamedEvent } from "../../studio/backend/event-stream.ts";

async function read(text: string, cuts: readonly number[] = []): Promise<StreamedEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 1; i < places.length; i++) controller.enqueue(bytes.slice(places[i - 1], places[i]));
      controller.close();
    },
  });
  const events: StreamedEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

const TEXT =
  'event: src\r\ndata: {"t":"나는"}\r\n\r\n: still here\n\nid: 3\ndata: one\ndata:two\n\nevent: tok\n\ndata: last\n';

describe("an event stream", () => {
  it("gives names and data, and what has no end is left out", async () => {
    expect(await read(TEXT)).toEqual([
      { name: "src", data: '{"t":"나는"}' },
      { name: "message", data: "one\ntwo" },
    ]);
  });

  it("may arrive in any pieces, within a letter or a line end too", async () => {
    const whole = await read(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 6 }), async (cuts) => {
        expect(await read(TEXT, cuts)).toEqual(whole);
      }),
    );
  });
});
