import { PassThrough, Readable } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { converse } from "../../src/cli/conversation.ts";
import type { Responder } from "../../src/decoding/responder.ts";
import { openModel } from "../../src/training/open-model.ts";
import { at, jumok, PAIRS, TINY, write } from "./command.ts";

const model = at("model");
let responder: Responder;
let answer: string;

beforeAll(async () => {
  const trained = await jumok(["train", write("pairs.csv", PAIRS), "--out", model, ...TINY]);
  expect(trained.code, trained.stderr).toBe(0);
  ({ responder } = await openModel(model, { threads: 1, attention: true }));
  ({ answer } = await responder.answer("영화 볼래?"));
});

/** Holds a conversation of these lines and gives what was printed. */
async function held(lines: readonly string[], { person }: { person: boolean }) {
  const input = Object.assign(Readable.from([lines.map((line) => `${line}\n`).join("")]), { isTTY: person });
  const [output, complaints] = [new PassThrough(), new PassThrough()];
  const code = await converse(responder, { input, output, complaints });
  const text = (stream: PassThrough) => String(stream.read() ?? "");
  return { code, output: text(output), complaints: text(complaints) };
}

describe("a pipe", () => {
  it("gets answers and nothing else", async () => {
    expect(await held(["영화 볼래?"], { person: false })).toEqual({ code: 0, output: `${answer}\n`, complaints: "" });
  });

  it("ends with /quit", async () => {
    const outcome = await held(["영화 볼래?", "/quit", "커피 어때?"], { person: false });
    expect(outcome).toEqual({ code: 0, output: `${answer}\n`, complaints: "" });
  });

  it("gets the attention of its last answer", async () => {
    const { code, output, complaints } = await held(["/attention", "영화 볼래?", "/attention"], { person: false });
    expect({ code, complaints }).toEqual({
      code: 0,
      complaints: "jumok: line 1: there is no answer yet; skipped\n",
    });
    expect(output.startsWith(`${answer}\n`)).toBe(true);
    expect(output).toMatch(/^ +<start> .* <end>$/m);
    expect(output).toContain("░ ≥ 3 %");
  });

  it("is told of empty lines, and of those that cannot be answered", async () => {
    const lines = ["", "/frob", "아주 ".repeat(100), "영화 볼래?"];
    const { code, output, complaints } = await held(lines, { person: false });
    expect({ code, output }).toEqual({ code: 1, output: `${answer}\n` });
    expect(complaints.split("\n")).toEqual([
      "jumok: line 1: nothing said; skipped",
      "jumok: line 2: /frob is no command; /help lists them",
      expect.stringMatching(/^jumok: line 3: the text has \d+ tokens; this model takes at most 64$/),
      "",
    ]);
  });
});

describe("a person", () => {
  it("is greeted, prompted, answered and told of mistakes, all on one screen", async () => {
    const lines = ["", "/attention", "/frob", "영화 볼래?", "/attention", "/help", "/quit"];
    const { code, output, complaints } = await held(lines, { person: true });
    expect({ code, complaints }).toEqual({ code: 0, complaints: "" });
    const shown = output.split("› ");
    expect(shown).toHaveLength(lines.length + 1);
    expect(shown.slice(0, 4)).toEqual([
      "/help tells what you can do, /quit ends\n",
      "(nothing said)\n",
      "(there is no answer yet)\n",
      "/frob is no command; /help lists them\n",
    ]);
    expect(shown[4]).toMatch(/ \d+ ms\n$/);
    expect(shown[4].startsWith(answer)).toBe(true);
    expect(shown[5]).toMatch(/^ +<start> .* <end>$/m);
    expect(shown[6]).toContain("/quit        the end");
    expect(shown[7]).toBe("");
  });
});
