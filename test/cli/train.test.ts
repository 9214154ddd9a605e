import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { at, expectComplaint, jsonLines, jumok, type Outcome, PAIRS, sha256, TINY, write } from "./command.ts";

const data = write("pairs.csv", `${PAIRS}나쁜 줄,\n`);
const model = at("model");
const LONGER = [...TINY, "--epochs", "12", "--batch-size", "4"];
let trained: Outcome;

beforeAll(async () => {
  trained = await jumok(["train", data, "--out", model, ...LONGER]);
});

describe("jumok train", () => {
  it("writes a model folder and tells what it does", () => {
    expect(trained).toMatchObject({ code: 0, stdout: "" });
    expect(trained.stderr).toMatch(/^rows read +61$/m);
    expect(trained.stderr).toContain(`left out: ${data}:62: empty target: "나쁜 줄"\n`);
    expect(trained.stderr).toMatch(/of held-out questions and .* also occur in training/);
    expect(trained.stderr).toMatch(/^epoch 12\/12 {2}loss \d.*held out: loss .* perplexity .* accuracy/m);
    expect(trained.stderr).not.toContain("learning rate");
    expect(trained.stderr).toContain(`talk to it: jumok chat ${model}`);
    expect(trained.stderr).not.toContain("\u001b");
    expect(readdirSync(model).sort()).toEqual([
      "checkpoints",
      "config.json",
      "generation_config.json",
      "history",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
      "training.json",
    ]);
    const { options } = JSON.parse(readFileSync(at("model", "training.json"), "utf8"));
    expect(options).toMatchObject({ numLayers: 1, dModel: 16, epochs: 12, batchSize: 4, validFraction: 0.05 });
  });

  it("with --json gives every event as one line, and with the same options the same bytes", async () => {
    const outcome = await jumok(["train", data, "--out", at("json"), ...LONGER, "--json"]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const events = jsonLines(outcome);
    const types = new Set(events.map(({ type }) => type));
    expect([...types]).toEqual([
      "data",
      "start",
      "samples",
      "step",
      "epoch",
      "validation",
      "checkpoint",
      "end",
      "saved",
    ]);
    expect(events.filter(({ type }) => type === "step").map(({ step }) => step)).toEqual(
      Array.from({ length: 15 * 12 }, (_, i) => i + 1),
    );
    expect(sha256(at("json", "model.safetensors"))).toBe(sha256(at("model", "model.safetensors")));
  });

  it("that was stopped goes on to the same bytes, and only with the same options and data", async () => {
    const out = at("stopped");
    const words = ["train", data, "--out", out, ...LONGER, "--json"];
    const stopped = await jumok(words, { stopAt: { printed: '"step":20,', signal: "SIGINT" } });
    expect(stopped.code).toBe(130);
    const { type, step } = jsonLines(stopped).at(-1);
    expect({ type, inside: step >= 20 && step < 180 }).toEqual({ type: "stopped", inside: true });

    expectComplaint(await jumok(words), {
      code: 1,
      message: /already holds an unfinished run; go on with the option resume,/,
    });
    expectComplaint(await jumok([...words, "--resume", "--epochs", "13"]), {
      code: 2,
      message: /--epochs is 13, but the run to be resumed has 12/,
    });
    const other = write("other.csv", PAIRS);
    expectComplaint(await jumok(["train", other, "--out", out, "--resume"]), {
      code: 1,
      message: /other\.csv: is not what the run in .*stopped was started with \(.*pairs\.csv\)/,
    });

    const copy = write("copy.csv", readFileSync(data));
    const again = await jumok(["train", copy, "--out", out, "--resume", "--threads", "1"]);
    expect(again.stderr).toContain(`going on after step ${step} of 180\n`);
    expect(again.code).toBe(0);
    expect(sha256(at("stopped", "model.safetensors"))).toBe(sha256(at("model", "model.safetensors")));
  });

  it("tells how to go on when it is stopped", async () => {
    const words = ["train", data, "--out", at("told"), ...TINY, "--epochs", "400"];
    const stopped = await jumok([...words, "--overwrite"], { stopAt: { printed: "epoch   2/400", signal: "SIGTERM" } });
    expect(stopped.code).toBe(143);
    expect(stopped.stderr).toMatch(/stopped at step \d+; go on with: jumok train .*--epochs 400 --resume\n/);
  });

  it("with --resume and nothing to go on from says so and starts", async () => {
    const late = ["--warmup-steps", "1000"];
    const { code, stderr } = await jumok(["train", data, "--out", at("fresh"), ...TINY, ...late, "--resume"]);
    expect(code).toBe(0);
    expect(stderr).toContain("there is no checkpoint yet; starting from the beginning");
    expect(stderr).toMatch(/^the learning rate rises until step (\d+) of \1: so short a run learns little; /m);
  });

  it("takes flags over the config file over the preset", async () => {
    const config = write("options.yaml", "preset: notes-chatbot\nlabelSmoothing: 0.1\nbatchTokens: 300\nepochs: 9\n");
    expect((await jumok(["train", data, "--out", at("levels"), "--config", config, ...TINY])).code).toBe(0);
    const { options } = JSON.parse(readFileSync(at("levels", "training.json"), "utf8"));
    expect(options).toMatchObject({ punctuation: "spaced", labelSmoothing: 0.1, batchTokens: 300, epochs: 2 });
    expect(options).not.toHaveProperty("batchSize");
  });
});

describe("jumok train --group", () => {
  const lines = PAIRS.trim().split("\n");
  const grouped = write("grouped.csv", lines.map((line, i) => `${line},${i === 0 ? "topic" : i % 10}\n`).join(""));
  const keptTogether = async (out: string, ...flags: string[]) => {
    const outcome = await jumok(["train", grouped, "--out", at(out), ...TINY, "--epochs", "1", ...flags]);
    expect(outcome.code, outcome.stderr).toBe(0);
    return JSON.parse(readFileSync(at(out, "training.json"), "utf8"));
  };

  it("holds whole groups out", async () => {
    const { options, examples } = await keptTogether("by-group", "--group", "topic", "--valid-fraction", "0.15");
    expect({ keepTogether: options.keepTogether, examples }).toEqual({
      keepTogether: "group",
      examples: { train: 54, valid: 6 },
    });
  });

  it("yields to --keep-together and to a config file", async () => {
    const flags = ["--group", "topic", "--keep-together", "source"];
    expect((await keptTogether("by-source", ...flags)).options.keepTogether).toBe("source");
    const config = write("together.yaml", "keepTogether: none\n");
    const { options } = await keptTogether("by-none", "--group", "topic", "--config", config);
    expect(options.keepTogether).toBe("none");
  });
});

describe("jumok train --device wasm", () => {
  it("trains a model that answers there and on the CPU", async () => {
    const out = at("wasm");
    const trained = await jumok(["train", data, "--out", out, ...TINY, "--epochs", "1", "--device", "wasm"]);
    expect(trained.code, trained.stderr).toBe(0);
    const native = await jumok(["train", data, "--out", at("native"), ...TINY, "--epochs", "1"]);
    expect(native.code, native.stderr).toBe(0);
    const [web, cpu] = ["wasm", "native"].map((name) => JSON.parse(readFileSync(at(name, "training.json"), "utf8")));
    expect(web.versions.engine).toMatch(/^onnxruntime-web /);
    expect(web.result.training.loss).toBeCloseTo(cpu.result.training.loss, 3);
    const chat = async (device: string) =>
      jsonLines(await jumok(["chat", out, "영화 볼래?", "--json", "--device", device]))[0];
    const [there, here] = [await chat("wasm"), await chat("cpu")];
    expect(there.tokens.length).toBeGreaterThan(0);
    expect(there.tokens).toEqual(here.tokens);
    expect(there.score).toBeCloseTo(here.score, 3);
  }, 120_000);
});

describe("jumok chat", () => {
  it("answers a text", async () => {
    const outcome = await jumok(["chat", model, "영화", "볼래?", "--json"]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const [answer, ...more] = jsonLines(outcome);
    expect(more).toEqual([]);
    expect(Object.keys(answer)).toEqual(["input", "answer", "tokens", "score", "milliseconds"]);
    expect(answer.input).toBe("영화 볼래?");
    expect((await jumok(["chat", model, "영화 볼래?"])).stdout).toBe(`${answer.answer}\n`);
  });

  it("with --json gives an object for every line of a pipe, also for those it cannot take", async () => {
    const input = `영화 볼래?\n\n${"아주 ".repeat(100)}\n/quit\n커피 어때?\n`;
    const outcome = await jumok(["chat", model, "--json"], { input });
    expect(outcome.code).toBe(1);
    expect(jsonLines(outcome)).toEqual([
      expect.objectContaining({ input: "영화 볼래?", answer: expect.any(String) }),
      { input: "", error: "the text is empty" },
      { input: "아주 ".repeat(100).trim(), error: expect.stringMatching(/^the text has \d+ tokens; .* at most 64$/) },
      expect.objectContaining({ input: "/quit", answer: expect.any(String) }),
      expect.objectContaining({ input: "커피 어때?", answer: expect.any(String) }),
    ]);
    expect(outcome.stderr).toBe("");
  });
});

describe("jumok evaluate", () => {
  it("measures", async () => {
    const outcome = await jumok(["evaluate", model, data, "--json", "--sample", "20"]);
    const [measured] = jsonLines(outcome);
    expect(outcome.code).toBe(0);
    expect(measured).toMatchObject({ sources: 20, rows: 20, tooLong: 0, badRows: 1 });
    expect(measured.perplexity).toBeCloseTo(Math.exp(measured.loss), 9);
    // Twelve epochs teach a third of the tokens, of which a guess hits one in some hundred.
    expect(measured.accuracy).toBeGreaterThan(0.25);
    expect(measured.perplexity).toBeLessThan(25);
    const { stdout } = await jumok(["evaluate", model, data, "--limit", "10"]);
    expect(stdout).toMatch(/^exact match .* of 10 distinct sources/m);
  });

  it("counts the answers that are those of the file", async () => {
    const questions = ["영화 볼래?", "커피 어때?", "산책 좋아해?", "친구 싫어"];
    const chat = await jumok(["chat", model, "--json"], { input: questions.join("\n") });
    const [first, second, third] = jsonLines(chat).map(({ answer }) => answer);
    const rows = [first, second, `${third} 아니`, "틀린 답"].map((target, i) => `${questions[i]}\t${target}\n`);
    const own = write("own.tsv", `source\ttarget\n${rows.join("")}${questions[3]}\t또 틀린 답\n`);
    const [measured] = jsonLines(await jumok(["evaluate", model, own, "--json"]));
    expect(measured).toMatchObject({ exactMatch: 2 / 4, sources: 4, exactMatchRows: 2 / 5, rows: 5 });
  });
});

describe("examples/chatbot.ts", () => {
  it("trains, answers and shows attention", async () => {
    const outcome = await jumok(["1", at("example")], { program: "examples/chatbot.ts" });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/^epoch 1: loss \d/);
    expect(outcome.stdout).toMatch(/<start> ▁너 .* \? <end>/);
  });
});
