import { beforeAll, describe, expect, it } from "vitest";
import { at, expectComplaint, jsonLines, jumok, PAIRS, TINY, write } from "./command.ts";

const model = at("model");
const chat = (...words: string[]) => jumok(["chat", model, ...words]);

beforeAll(async () => {
  const { code, stderr } = await jumok(["train", write("pairs.csv", PAIRS), "--out", model, ...TINY]);
  expect(code, stderr).toBe(0);
});

describe("chat searches as its flags say", () => {
  it("gives several answers, as lines and as JSON", async () => {
    const flags = ["영화 볼래?", "--beam", "4", "--n-best", "3", "--length-penalty", "wu", "--alpha", "0.6"];
    const { stdout } = await chat(...flags);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split("\t")[0])).toEqual(["1", "2", "3"]);
    const [{ answer, nBest }] = jsonLines(await chat(...flags, "--json"));
    const expected = nBest.map((one: { penalisedScore: number; answer: string }, i: number) =>
      [i + 1, one.penalisedScore.toFixed(4), one.answer].join("\t"),
    );
    expect(lines).toEqual(expected);
    expect(nBest[0]).toMatchObject({ answer, finished: expect.any(Boolean), score: expect.any(Number) });
  });

  it("draws, the same for the same seed", async () => {
    const flags = ["--temperature", "5", "--top-p", "0.9", "--max-tokens", "6", "--n-best", "2"];
    const drawn = (seed: string) => jumok(["chat", model, ...flags, "--seed", seed], { input: "영화 볼래?\n" });
    const first = await drawn("1");
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1\t.*\n2\t.*\n$/) });
    expect((await drawn("1")).stdout).toBe(first.stdout);
    expect((await drawn("2")).stdout).not.toBe(first.stdout);
  });

  it("computes in eight bits, nearly the same", async () => {
    const score = async (...flags: string[]) => jsonLines(await chat("영화 볼래?", "--json", ...flags))[0].score;
    const [whole, small] = [await score(), await score("--precision", "int8")];
    expect(small).not.toBe(whole);
    expect(Math.abs(small / whole - 1)).toBeLessThan(0.02);
  });

  it.each([
    [["--precision", "int4"], /'int4' is invalid. Allowed choices are fp32, int8/],
    [["--n-best", "3"], /nBest: must not be more than beam, not 3/],
    [["--beam", "2", "--seed", "1"], /beam: must be 1 where tokens are drawn, not 2/],
    [["--top-p", "high"], /'high' is invalid. It must be a number/],
    [["--length-penalty", "long"], /'long' is invalid. Allowed choices are wu, average/],
  ])("refuses %j", async (flags, message) => {
    expectComplaint(await chat("영화 볼래?", ...flags), { code: 2, message });
  });
});
