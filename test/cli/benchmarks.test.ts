import { describe, expect, it } from "vitest";
import { jumok } from "./command.ts";

const NAMES = ["train-step", "recurrent-step", "sequence-length", "chat-latency", "memory"];

describe.concurrent("npm run bench", () => {
  it.each([
    [["frob"], `there is no benchmark frob; there are ${NAMES.join(", ")}`],
    [["toString"], `there is no benchmark toString; there are ${NAMES.join(", ")}`],
    [["train-step", "--frob", "1"], "train-step: Unknown option '--frob'"],
    [["train-step", "--batches", "few"], "train-step: --batches must be a whole number from 1, not few"],
    [
      ["sequence-length", "--lengths", "16,x"],
      "sequence-length: --lengths must be whole numbers from 1, such as 30,60, not 16,x",
    ],
    [["memory"], "memory: give --data FILE"],
    [["chat-latency", "--data", "x.csv"], "chat-latency: give --model DIR"],
  ])("%j is wrong use", async (words, complaint) => {
    const outcome = await jumok(words, { program: "bench/run.ts" });
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: `bench: ${complaint}\n` });
  });

  it("lists the benchmarks where none is named", async () => {
    const { code, stderr } = await jumok([], { program: "bench/run.ts" });
    expect(code).toBe(0);
    expect(stderr.match(/^\S+(?=: )/gm)).toEqual(NAMES);
  });
});
