import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { at, expectComplaint, jumok, PAIRS, sha256, TINY, write } from "./command.ts";

const cases: [what: string, content: string | Uint8Array, flags: string[], message: RegExp][] = [
  ["an empty file", "", [], /the file is empty/],
  ["a header only", "Q,A\n", [], /line 1: there is only a header/],
  [
    "one column",
    "Q\n안녕\n반가워\n",
    [],
    /one-column\.csv, line 1: only one column: .* a source and a target column are needed$/,
  ],
  ["a binary file", Uint8Array.from([81, 44, 65, 10, 0, 1, 2, 255, 0]), [], /line 2: this is a binary file/],
  ["a line of 10 MB", `Q,A\n${"가나다 ".repeat(2 ** 20)},x\n`, [], /line 2: .*long/],
  [
    "invalid UTF-8 with --strict",
    Buffer.concat([Buffer.from(`${PAIRS}안녕,`), Buffer.from([0xb0, 0xa1, 0xff]), Buffer.from("\n")]),
    ["--strict"],
    /line 62: .*UTF-8/,
  ],
  ["a column that is not there", PAIRS, ["--source", "Frage"], /there is no column "Frage". The columns are "Q", "A"/],
];

describe.concurrent("training refuses", () => {
  it.each(cases)("%s", async (what, content, flags, message) => {
    const name = what.replaceAll(" ", "-");
    const out = at(`model-of-${name}`);
    const outcome = await jumok(["train", write(`${name}.csv`, content), "--out", out, ...TINY, ...flags]);
    expectComplaint(outcome, { code: 1, message });
    expect(existsSync(out), "nothing is left behind").toBe(false);
  });

  it("a file that is not there", async () => {
    const outcome = await jumok(["train", at("none.csv"), "--out", at("none"), ...TINY]);
    expectComplaint(outcome, { code: 1, message: /none\.csv: there is no such file/ });
  });

  it("a folder that cannot be made, before the data is read", async () => {
    write("in-the-way", "precious");
    const outcome = await jumok(["train", at("none.csv"), "--out", at("in-the-way", "model"), ...TINY]);
    expectComplaint(outcome, {
      code: 1,
      message: /in-the-way\/model: cannot be a folder, because .*in-the-way is a file/,
    });
    expect(readFileSync(at("in-the-way"), "utf8")).toBe("precious");
  });
});

describe("a model folder", () => {
  const model = at("model");
  let weights: string;

  beforeAll(async () => {
    const outcome = await jumok(["train", write("pairs.csv", PAIRS), "--out", model, ...TINY]);
    expect(outcome.code, outcome.stderr).toBe(0);
    weights = sha256(at("model", "model.safetensors"));
  });

  it("is not overwritten unless asked to be", async () => {
    expectComplaint(await jumok(["train", at("pairs.csv"), "--out", model, ...TINY]), {
      code: 1,
      message: /already holds a trained model; go on with the option resume, replace it with overwrite/,
    });
    expect(sha256(at("model", "model.safetensors"))).toBe(weights);
  });

  it("stays when what should replace it cannot be trained", async () => {
    const outcome = await jumok(["train", write("empty.csv", ""), "--out", model, "--overwrite", ...TINY]);
    expectComplaint(outcome, { code: 1, message: /the file is empty/ });
    expect(sha256(at("model", "model.safetensors"))).toBe(weights);
  });

  it("that is damaged is refused, naming the file", async () => {
    truncateSync(at("model", "model.safetensors"), 5000);
    const message = /model\.safetensors: .*5000.*; the file is damaged/;
    expectComplaint(await jumok(["chat", model, "안녕"]), { code: 1, message });
    expectComplaint(await jumok(["evaluate", model, at("pairs.csv")]), { code: 1, message });
    writeFileSync(at("model", "config.json"), "{");
    expectComplaint(await jumok(["chat", model, "안녕"]), { code: 1, message: /config\.json: is not JSON/ });
  });

  it("that is not there is named", async () => {
    const outcome = await jumok(["chat", at("nowhere"), "안녕"]);
    expectComplaint(outcome, { code: 1, message: /nowhere\/config\.json: is not there/ });
  });
});
