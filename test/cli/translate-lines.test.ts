import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { translateLines } from "../../src/cli/translate-lines.ts";
import type { LineFormat } from "../../src/cli/translated-line.ts";
import { progressOf } from "../../src/cli/translation-progress.ts";
import { textLinesOf } from "../../src/data/text-lines.ts";
import type { Answering } from "../../src/decoding/translate.ts";
import { at, write } from "./command.ts";

/** Says texts backwards. */
function backwards(beforeBatch: (batch: number) => void = () => {}): Answering {
  let batches = 0;
  return {
    maxTokens: 100,
    countTokens: (text) => text.match(/\S+/gu)?.length ?? 0,
    async answerAll(texts, { signal } = {}) {
      beforeBatch(++batches);
      signal?.throwIfAborted();
      return texts.map((text) => ({
        answer: Array.from(text).reverse().join(""),
        score: -1,
        penalisedScore: -0.5,
        finished: true,
      }));
    },
  };
}

async function* bytesOf(text: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(text as string);
}

/** Translates into a file; gives its content, the exit code and what was told. */
async function translatedTo(
  name: string,
  text: string | Buffer | AsyncIterable<Buffer>,
  { model = backwards(), format = "plain" as LineFormat } = {},
) {
  const told: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((line) => told.push(String(line)) > 0);
  try {
    const pieces = typeof text === "string" || Buffer.isBuffer(text) ? bytesOf(text) : text;
    const code = await translateLines(model, textLinesOf(pieces, "in.txt"), { search: {}, format, out: at(name) });
    return { code, told: told.join(""), content: existsSync(at(name)) ? readFileSync(at(name), "utf8") : undefined };
  } finally {
    spy.mockRestore();
  }
}

const NUMBERED = Array.from({ length: 5000 }, (_, i) => `line ${i}`);

describe("translateLines", () => {
  it("writes a line for each line", async () => {
    const outcome = await translatedTo("plain", "가나\r\n\n \nb\ra\0\u2028d\nlast");
    expect(outcome).toEqual({ code: 0, told: "", content: "나가\n\n\nd \0a b\ntsal\n" });
    expect((await translatedTo("none", "")).content).toBe("");
  });

  it("tells which lines are not UTF-8, the first ones one by one", async () => {
    const bad = Buffer.from([0x61, 0xff, 0x0a]);
    const good = Buffer.from("good\n");
    const outcome = await translatedTo("bad", Buffer.concat([good, bad, good]));
    expect(outcome).toMatchObject({ code: 1, content: "doog\n\ndoog\n" });
    expect(outcome.told).toMatch(/^jumok: in\.txt, line 2: not valid UTF-8: "a\uFFFD"; .*save the text as UTF-8.*\n$/);
    const many = await translatedTo("many", Buffer.concat(Array.from({ length: 25 }, () => bad)));
    expect(many).toMatchObject({ code: 1, content: "\n".repeat(25) });
    expect(many.told.match(/line \d+: not valid UTF-8/g)).toHaveLength(10);
    expect(many.told).toContain("jumok: in.txt: 15 lines more cannot be read\n");
  });

  it("gives up a line of more than 1 MiB, and goes on", async () => {
    const outcome = await translatedTo("huge", `${"x".repeat(2 ** 21)}\nend\n`);
    expect(outcome).toMatchObject({ code: 1, content: "\ndne\n" });
    expect(outcome.told).toMatch(/line 1: longer than 1 MiB: "x+…"; .*put a sentence or a paragraph on a line\n$/);
  });

  it("writes JSON, one object a line for programs of any kind, and nothing else", async () => {
    const bad = Buffer.from([0xff, 0x0a]);
    const text = Buffer.concat([Buffer.from("ab\n\n"), bad, Buffer.from(`a\u2028\u0085b\n${"w ".repeat(150)}\n`)]);
    const { code, told, content } = await translatedTo("json", text, { format: "json" });
    expect({ code, told }).toEqual({ code: 1, told: "" });
    expect(content).not.toMatch(/[\u2028\u0085]/);
    const objects = content!
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const scores = { score: -1, penalisedScore: -0.5, finished: true };
    expect(objects.slice(0, 4)).toEqual([
      { line: 1, input: "ab", translation: "ba", ...scores },
      { line: 2, input: "", translation: "", score: 0, penalisedScore: 0, finished: true },
      { line: 3, input: "\uFFFD", error: "not valid UTF-8" },
      { line: 4, input: "a\u2028\u0085b", translation: "b a", ...scores },
    ]);
    expect(objects[4]).toMatchObject({ line: 5, parts: 2, score: -2 });
  });

  it("writes the n best as Moses does, of a line without words one that is empty", async () => {
    const { content } = await translatedTo("n-best", "ab\n\n", { format: "n-best" });
    expect(content).toBe("0 ||| ba ||| logP= -1.0000 ||| -0.5000\n1 |||  ||| logP= 0.0000 ||| 0.0000\n");
  });

  it("stopped by Ctrl-C leaves complete lines, the first ones, and says how many", async () => {
    write("stopped", "what was there");
    const model = backwards((batch) => {
      if (batch === 20) process.emit("SIGINT", "SIGINT");
    });
    const { code, told, content } = await translatedTo("stopped", `${NUMBERED.join("\n")}\n`, { model });
    expect(code).toBe(130);
    const lines = content!.split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.length).toBeGreaterThanOrEqual(1024);
    expect(lines.length).toBeLessThan(2000);
    expect(lines).toEqual(NUMBERED.slice(0, lines.length).map((line) => Array.from(line).reverse().join("")));
    expect(told).toBe(`stopped after ${lines.length.toLocaleString("en-US")} lines; they are in ${at("stopped")}\n`);
    expect(existsSync(at("stopped.tmp"))).toBe(false);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  it("stopped before the first line leaves the file as it was", async () => {
    write("untouched", "precious");
    const model = backwards(() => process.emit("SIGTERM", "SIGTERM"));
    const outcome = await translatedTo("untouched", "one\n", { model });
    expect(outcome).toEqual({ code: 143, told: "stopped after 0 lines\n", content: "precious" });
  });

  it("keeps the lines that came before its source failed", async () => {
    async function* failing() {
      yield Buffer.from("one\ntwo\nthr");
      throw new Error("unplugged");
    }
    await expect(translatedTo("failed", failing())).rejects.toThrow("unplugged");
    expect(readFileSync(at("failed"), "utf8")).toBe("eno\nowt\n");
    async function* atOnce(): AsyncGenerator<Buffer> {
      yield* [];
      throw new Error("unplugged");
    }
    await expect(translatedTo("nothing", atOnce())).rejects.toThrow("unplugged");
    expect(existsSync(at("nothing"))).toBe(false);
  });
});

describe("the progress of a translation", () => {
  it("has lines, their rate, and where the size is known the share and the time left", () => {
    const done = { lines: 1200, bytes: 30_000, seconds: 60 };
    expect(progressOf(done, 120_000)).toBe("1,200 lines  20.0 lines/s  25.0 %  3:00 left");
    expect(progressOf({ ...done, lines: 499, bytes: 1000 }, 120_000)).toBe("499 lines  8.3 lines/s  0.8 %");
    expect(progressOf(done, undefined)).toBe("1,200 lines  20.0 lines/s");
    expect(progressOf({ lines: 1, bytes: 10, seconds: 2 }, 10)).toBe("1 line  0.5 lines/s  100.0 %  0:00 left");
  });
});
