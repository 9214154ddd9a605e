import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at, jumok } from "./command.ts";
import { saveRandomModel } from "./random-model.ts";

const NAMES = ["train-step", "recurrent-step", "sequence-length", "chat-latency", "serve", "decode", "memory"];

interface LengthCase {
  readonly theory: { readonly sequentialSteps: number; readonly longestPath: number };
  readonly microsecondsPerToken: { readonly forwardAndBackward: { readonly median: number } };
}

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

  it("times recurrence and self-attention by length, with the paths that the chart tells of", async () => {
    const small = ["--lengths", "4,8", "--tokens", "8", "--rounds", "1", "--width", "8", "--heads", "2"];
    const words = ["sequence-length", ...small, "--svg", at("lengths.svg")];
    const { code, stdout, stderr } = await jumok(words, { program: "bench/run.ts" });
    expect(code, stderr).toBe(0);
    const cases = (JSON.parse(stdout).layers ?? []).map(({ cases }: { cases: LengthCase[] }) =>
      cases.map(({ theory, microsecondsPerToken }) => {
        expect(microsecondsPerToken.forwardAndBackward.median).toBeGreaterThan(0);
        return [theory.sequentialSteps, theory.longestPath];
      }),
    );
    const [steps, one] = [
      [
        [4, 3],
        [8, 7],
      ],
      [
        [1, 1],
        [1, 1],
      ],
    ];
    expect(cases).toEqual([steps, steps, one]);
    expect(readFileSync(at("lengths.svg"), "utf8")).toMatch(/^<svg /);
  });

  it("times a recurrent step beside its own products", async () => {
    const small = ["--lengths", "4", "--pair-lengths", "4", "--peers", "none", "--rounds", "1"];
    const { code, stdout, stderr } = await jumok(["recurrent-step", ...small], { program: "bench/run.ts" });
    expect(code, stderr).toBe(0);
    const { layers, pairs } = JSON.parse(stdout);
    expect(layers.cases.map(({ batch }: { batch: number }) => batch)).toEqual([64, 256]);
    for (const { stepToFloor, secondsPerStep, floor } of [...layers.cases, ...pairs.cases]) {
      expect(stepToFloor).toBeCloseTo(secondsPerStep.median / floor.secondsPerStep.median, 3);
    }
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
