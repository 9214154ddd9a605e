import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at, jumok } from "./command.ts";
import { saveRandomModel } from "./random-model.ts";

const NAMES = ["train-step", "recurrent-step", "sequence-length", "chat-latency", "serve", "decode", "memory"];

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
    [
      ["serve", "--model", "m", "--clients", "1;8"],
      "serve: --clients must be whole numbers from 1, such as 30,60, not 1;8",
    ],
    [["decode", "--model", "x", "--batch", "one"], "decode: give --data FILE"],
  ])("%j is wrong use", async (words, complaint) => {
    const outcome = await jumok(words, { program: "bench/run.ts" });
    expect(outcome).toEqual({ code: 2, stdout: "", stderr: `bench: ${complaint}\n` });
  });

  it("lists the benchmarks where none is named", async () => {
    const { code, stderr } = await jumok([], { program: "bench/run.ts" });
    expect(code).toBe(0);
    expect(stderr.match(/^\S+(?=: )/gm)).toEqual(NAMES);
  });

  it("serves with and without batches, and refuses clients beyond the queue", async () => {
    await saveRandomModel(at("answering"));
    writeFileSync(at("asked.csv"), "Q,A\n영화 볼래,좋아요\n커피 마실까,좋아요\n오늘,좋아요\n같이 가자,좋아요\n");
    const small = ["--clients", "2,8", "--seconds", "1", "--rounds", "1", "--minutes", "0.02"];
    const limits = ["--workers", "1", "--queue", "8", "--overload", "100"];
    const words = ["serve", "--model", at("answering"), "--data", at("asked.csv"), ...small, ...limits];
    const { code, stdout, stderr } = await jumok(words, { program: "bench/run.ts" });
    expect(code, stderr).toBe(0);
    const { loads, overload, memory } = JSON.parse(stdout);
    expect(loads.map(({ clients }: { clients: number }) => clients)).toEqual([2, 8]);
    for (const { batched, oneAtATime, timesAsMany } of loads) {
      expect([batched.failed, oneAtATime.failed]).toEqual([0, 0]);
      expect(oneAtATime.tokensPerStep).toBeCloseTo(1, 1);
      expect(Math.min(batched.answered, oneAtATime.answered, batched.milliseconds.p50)).toBeGreaterThan(0);
      expect(batched.milliseconds.p99).toBeGreaterThanOrEqual(batched.milliseconds.p50);
      expect(timesAsMany).toBeCloseTo(batched.requestsPerSecond / oneAtATime.requestsPerSecond, 2);
    }
    expect(loads[1].batched.tokensPerStep).toBeGreaterThan(1);
    expect(overload.during.refused["429"]).toBeGreaterThan(0);
    expect([overload.during.failed, overload.after.failed, overload.after.refused["429"]]).toEqual([0, 0, 0]);
    expect(overload.after.answered).toBeGreaterThan(0);
    expect(memory).toMatchObject({ failed: 0, residentMiB: [expect.any(Number)] });
    expect(stderr).toMatch(/^clients and servers share \d+ cores$/m);
  });
});
