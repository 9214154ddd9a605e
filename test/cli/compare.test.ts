import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { at, jumok, write } from "./command.ts";

const NUMBERS = ["one", "two", "three", "four", "five", "six"];
const ROWS = Array.from({ length: 120 }, (_, i) => {
  const words = Array.from({ length: 1 + (i % 5) }, (_, j) => NUMBERS[(i * 7 + j * 3) % NUMBERS.length]);
  return `${words.join(" ")}\t${[...words].reverse().join(" ")}`;
});
const PAIRS = write("pairs.tsv", `source\ttarget\n${ROWS.join("\n")}\n`);

const SMALL = [
  ...["--epochs", "2", "--d-model", "16", "--num-heads", "2", "--d-feed-forward", "16", "--vocabulary-size", "300"],
  ...["--valid-fraction", "0.2"],
];

describe("jumok compare", () => {
  it("trains each model and writes table, chart and models; what is finished is not trained again", async () => {
    const words = ["compare", PAIRS, "--models", "lstm,transformer", "--out", at("comparison"), ...SMALL];
    const { code, stdout, stderr } = await jumok(words);
    expect(stderr).toMatch(/lstm\s+\(1 of 2\)/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/model +parameters +epochs +minutes +loss +perplexity +token accuracy +BLEU +exact match/);
    expect(stdout).toMatch(/^transformer .*%$/m);
    const results = JSON.parse(await readFile(at("comparison", "results.json"), "utf8"));
    expect(results.map(({ name }: { name: string }) => name)).toEqual(["lstm", "transformer"]);
    for (const { curve, scores, epochs, parameters } of results) {
      expect(epochs).toBe(2);
      expect(curve).toHaveLength(2);
      expect(parameters).toBeGreaterThan(1000);
      expect(scores.examples).toBe(24);
      expect(scores.perplexity).toBeCloseTo(Math.exp(scores.loss), 6);
    }
    expect(await readFile(at("comparison", "table.md"), "utf8")).toMatch(/^\| model \| parameters \|/);
    expect(await readFile(at("comparison", "chart.svg"), "utf8")).toMatch(/^<svg .*lstm.*transformer/s);

    const again = await jumok(words);
    expect(again.stderr.match(/finished before with the same options and data/g)).toHaveLength(2);
    expect(again.stdout).toBe(stdout);
  }, 120_000);

  it("measures anew what was measured on a file that has changed since", async () => {
    const test = write("test.tsv", `source\ttarget\n${ROWS.slice(0, 9).join("\n")}\n`);
    const words = ["compare", PAIRS, "--test", test, "--models", "gru", "--out", at("changed"), ...SMALL];
    const examples = async () => JSON.parse(await readFile(at("changed", "results.json"), "utf8"))[0].scores.examples;
    expect((await jumok(words)).code).toBe(0);
    expect(await examples()).toBe(9);
    write("test.tsv", `source\ttarget\n${ROWS.slice(0, 7).join("\n")}\n`);
    expect((await jumok(words)).stderr).not.toContain("finished before");
    expect(await examples()).toBe(7);
  }, 120_000);

  it("gives classifiers the epochs that fit into the time, and scores them on the test file", async () => {
    const rows = ROWS.map((row, i) => `${row.split("\t")[0]} ${i % 2 ? "good" : "bad"}\t${i % 2 ? "+" : "-"}`);
    const file = (name: string, part: string[]) => write(name, `text\tlabel\n${part.join("\n")}\n`);
    const [data, test] = [file("judged.tsv", rows), file("unseen.tsv", [...rows.slice(0, 60), "!!!\t+"])];
    const { code, stdout, stderr } = await jumok([
      ...[
        "compare",
        data,
        "--task",
        "classify",
        "--preset",
        "notes-imdb",
        "--models",
        "bag,gru+bahdanau",
        "--test",
        test,
      ],
      ...["--minutes", "0.02", "--out", at("judges"), "--d-model", "8", "--hidden-size", "4", "--attention-units", "4"],
      ...["--valid-fraction", "0.1", "--vocabulary-size", "50", "--set", "bag.d-model=6"],
    ]);
    expect(code, stderr).toBe(0);
    const fitting = [...stderr.matchAll(/an epoch takes (\d+\.\d) s: ([\d,]+) fit/g)].map(([, , epochs]) => epochs);
    expect(fitting).toHaveLength(2);
    const results = JSON.parse(await readFile(at("judges", "results.json"), "utf8"));
    for (const [i, { epochs, scores }] of results.entries()) {
      expect(epochs).toBe(Number(fitting[i].replaceAll(",", "")));
      expect(scores).toMatchObject({ examples: 60, leftOut: 1 });
    }
    expect(stdout).toMatch(/^model +parameters +epochs +minutes +loss +accuracy +macro F1$/m);
    expect(stdout).toMatch(/^Of its own bag has d-model 6\.$/m);
    expect(results[0].parameters).toBeLessThan(6 * 50 + 300);
    expect(stdout).toMatch(/without words: 1 of bag, 1 of gru\+bahdanau\.$/m);
    expect(await readFile(at("judges", "table.md"), "utf8")).toContain("without words");
  }, 120_000);

  it("names a file that is not there", async () => {
    const { code, stderr } = await jumok([
      "compare",
      PAIRS,
      "--test",
      at("none.tsv"),
      "--out",
      at("nowhere"),
      ...SMALL,
    ]);
    expect(stderr).toMatch(/none\.tsv/);
    expect(stderr).not.toMatch(/ENOENT|\(1 of/);
    expect(code).toBe(1);
  });

  it.each([
    [["--models", "lstm,lstm"], "--models names a model twice"],
    [
      ["--models", "lstm+nothing"],
      "models: there is no lstm\\+nothing; there are transformer, rnn, lstm, gru, each of these",
    ],
    [["--models", "bag"], "models: there is no bag"],
    [["--minutes", "0"], "It must be a number above 0"],
    [["--minutes", "1", "--epochs", "2"], "cannot be used with option '--epochs <n>'"],
    [["--models", "lstm,gru", "--set", "transformer.dropout=0"], "--set is for transformer, which is not compared"],
    [["--set", "transformer"], "must name model, flag and value, such as transformer.dropout=0.1"],
    [["--set", "transformer.frob=1"], "There is no option frob"],
    [["--set", "transformer.dropout=2"], "--set <model.flag=value>' argument 'transformer.dropout=2' is invalid"],
    [["--cell", "gru"], "unknown option '--cell'"],
  ])("%j is wrong use", async (words, message) => {
    const { code, stderr } = await jumok(["compare", PAIRS, "--out", at("comparison"), ...words]);
    expect(stderr).toMatch(new RegExp(message));
    expect(code).toBe(2);
  });
});
