import { describe, expect, it } from "vitest";
import { lineWindows } from "../../src/decoding/line-windows.ts";

async function sizesOf(lines: AsyncIterable<string> | Iterable<string>): Promise<number[]> {
  const sizes: number[] = [];
  for await (const window of lineWindows(lines)) sizes.push(window.length);
  return sizes;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("lineWindows", () => {
  it("gives so many lines at once, or so many characters", async () => {
    expect(await sizesOf(Array.from({ length: 1100 }, () => "line"))).toEqual([512, 512, 76]);
    expect(await sizesOf(Array.from({ length: 70 }, () => "x".repeat(1024)))).toEqual([32, 32, 6]);
    expect(await sizesOf(["x".repeat(100_000), "y", "z"])).toEqual([1, 2]);
    expect(await sizesOf([])).toEqual([]);
  });

  it("reads no further than one line beyond what it gives", async () => {
    let read = 0;
    const endless = (function* () {
      for (;;) yield `${read++}`;
    })();
    let given = 0;
    for await (const window of lineWindows(endless)) {
      given += window.length;
      expect(read).toBeLessThanOrEqual(given + 1);
      if (given > 2000) break;
    }
    await expect(Promise.resolve(endless.next())).resolves.toMatchObject({ done: true });
  });

  it("gives what is there when the source pauses, in the same groups when it does not", async () => {
    async function* typed() {
      yield "one";
      await pause(300);
      yield "two";
      yield "three";
      await pause(300);
    }
    expect(await sizesOf(typed())).toEqual([1, 2]);
    async function* quick() {
      for (let i = 0; i < 1000; i++) {
        if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
        yield "line";
      }
    }
    expect(await sizesOf(quick())).toEqual([512, 488]);
  });

  it("gives what came before an error", async () => {
    const lines = (function* () {
      yield "one";
      throw new Error("unplugged");
    })();
    const windows = lineWindows(lines);
    expect((await windows.next()).value).toEqual(["one"]);
    await expect(windows.next()).rejects.toThrow("unplugged");
    async function* late() {
      yield* Array.from({ length: 512 }, () => "line");
      throw new Error("unplugged");
    }
    const after = lineWindows(late());
    expect((await after.next()).value).toHaveLength(512);
    await pause(20);
    await expect(after.next()).rejects.toThrow("unplugged");
  });

  it("stops while it waits for a line that never comes", async () => {
    const controller = new AbortController();
    let closed = false;
    const never = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<string>>(() => {}),
        return: async () => {
          closed = true;
          return new Promise<never>(() => {});
        },
      }),
    };
    const windows = lineWindows(never, controller.signal);
    const next = windows.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    expect(closed).toBe(true);
    await expect(lineWindows(["line"], controller.signal).next()).rejects.toThrow("enough");
  });
});
