import { describe, expect, it } from "vitest";
import { jumok } from "./command.ts";

describe.concurrent("npm run bench", () => {
  it.each([
    [["frob"], "there is no benchmark frob; there are train-step, chat-latency, memory"],
    [["toString"], "there is no benchmark toString; there are train-step, chat-latency, memory"],
    [["train-step", "--frob", "1"], "train-step: Unknown option '--frob'"],
    [["train-step", "--batches", "few"], "train-step: --batches must be a whole number from 1, not few"],
    [["memory"], "memory: give --data FILE"],
    [["chat-latency", "--data", "x.csv"], "chat-latency: give --model DIR"],
  ])("%j is wrong use", async (words, complaint) => {
    const outcome = await jumok(words, { program: "bench/run.ts" });
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: `bench: ${complaint}\n` });
  });

  it("lists the benchmarks where none is named", async () => {
    const { code, stderr } = await jumok([], { program: "bench/run.ts" });
    expect(code).toBe(0);
    expect(stderr.match(/^\S+(?=: )/gm)).toEqual(["train-step", "chat-latency", "memory"]);
  });
});
