import { describe, expect, test } from "vitest";
import { prefetch } from "../../src/data/prefetch.ts";

describe("prefetch", () => {
  test("the next item is prepared after the consumer has begun and before it has ended", async () => {
    const events: string[] = [];
    function* source() {
      for (let i = 0; i < 3; i++) {
        events.push(`prepare ${i}`);
        yield i;
      }
    }
    for await (const item of prefetch(source())) {
      events.push(`begin ${item}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      events.push(`end ${item}`);
    }
    expect(events).toEqual([
      ...["prepare 0", "begin 0", "prepare 1", "end 0"],
      ...["begin 1", "prepare 2", "end 1"],
      ...["begin 2", "end 2"],
    ]);
  });

  test("items of an asynchronous source come in order, also if asked for all at once", async () => {
    async function* source() {
      for (let i = 0; i < 20; i++) {
        if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        yield i;
      }
    }
    const items: number[] = [];
    for await (const item of prefetch(source())) items.push(item);
    expect(items).toEqual([...Array(20).keys()]);
    const eager = prefetch(source());
    const results = await Promise.all(items.map(() => eager.next()));
    expect(results.map(({ value }) => value)).toEqual(items);
    expect(await eager.next()).toEqual({ done: true, value: undefined });
  });

  test("leaving the loop ends the source", async () => {
    let ended = false;
    function* source() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    }
    for await (const item of prefetch(source())) if (item === 2) break;
    expect(ended).toBe(true);
  });

  test("an error reaches the consumer with the item that failed, and nobody if it has left", async () => {
    function* source() {
      yield 1;
      throw new Error("second item");
    }
    const items: number[] = [];
    const all = async () => {
      for await (const item of prefetch(source())) {
        items.push(item);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    await expect(all).rejects.toThrow("second item");
    expect(items).toEqual([1]);
    for await (const _ of prefetch(source())) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      break;
    }
  });
});
