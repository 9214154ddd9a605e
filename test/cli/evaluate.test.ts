import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { bleu } from "../../src/metrics/bleu.ts";
import { chrf } from "../../src/metrics/chrf.ts";
import { distinct } from "../../src/metrics/distinct.ts";
import { at, expectComplaint, jsonLines, jumok, sha256, write } from "./command.ts";
import { saveRandomModel } from "./random-model.ts";

const model = at("model");
const SOURCES = ["영화 볼래", "커피 마실까", "오늘 같이 가자", "좋아요", "영화", "오늘 커피 볼래"];
const learnt = write(
  "learnt.tsv",
  `source\ttarget\n${SOURCES.slice(0, 4)
    .map((source) => `${source}?\t네\n`)
    .join("")}`,
);
let data: string;
/** What the model answers with three beams. */
let answers: string[];

beforeAll(async () => {
  const columns = { source: "source", target: "target" };
  await saveRandomModel(model, {
    data: { file: learnt, sha256: sha256(learnt), columns },
    options: { seed: 1, validFraction: 0, keepTogether: "none" },
  });
  const outcome = await jumok(["translate", model, "--beam", "3", "--json"], { input: SOURCES.join("\n") });
  answers = jsonLines(outcome).map(({ translation }) => translation);
  // The first and the fifth answer are right, the sixth is half right; the last row is too long for the model.
  const targets = [answers[0], "아니", "네 그래", "No", answers[4], `${answers[5].slice(0, 8)} 그래`];
  const rows = SOURCES.map((source, i) => `${source}\t${targets[i]}\n`);
  data = write("data.tsv", `source\ttarget\n${rows.join("")}${"영화 ".repeat(40)}\t긴 글\n\t\n`);
});

const evaluate = (...words: string[]) => jumok(["evaluate", model, data, ...words]);

describe("jumok evaluate", () => {
  it("measures what is asked for, of answers searched for as asked, and writes them", async () => {
    const out = at("answers.txt");
    const words = ["--beam", "3", "--metrics", "exact,bleu, chrf,distinct", "--bleu-tokenizer", "char", "--lowercase"];
    const outcome = await evaluate(...words, "--out", out, "--json");
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const [measured] = jsonLines(outcome);
    const written = readFileSync(out, "utf8").split("\n").slice(0, -1);
    expect(written.slice(0, 6)).toEqual(answers);
    expect(written).toHaveLength(7);
    const targets = readFileSync(data, "utf8")
      .split("\n")
      .slice(1, 8)
      .map((row) => row.split("\t")[1].trim());
    const how = { tokenizer: "char", lowercase: true } as const;
    expect(measured).toMatchObject({
      exactMatch: 2 / 7,
      sources: 7,
      rows: 7,
      bleu: bleu(written, targets, how),
      chrf: chrf(written, targets, how),
      distinct: distinct(written, how),
      badRows: 1,
    });
    expect(measured.bleu.signature).toContain("case:lc|eff:no|tok:char");
    for (const key of ["loss", "perplexity", "millisecondsPerAnswer", "tooLong"])
      expect(measured).not.toHaveProperty(key);
    // Sources count as seen whatever their punctuation.
    expect(measured.seen).toMatchObject({
      rows: 4,
      exactMatch: 1 / 4,
      bleu: bleu(written.slice(0, 4), targets.slice(0, 4), how),
    });
    expect(measured.unseen).toMatchObject({ rows: 3, exactMatch: 1 / 3, distinct: distinct(written.slice(4), how) });
  });

  it("without flags tells loss, exact match and time, and with others what they name", async () => {
    const { code, stdout, stderr } = await evaluate();
    expect({ code, stderr }).toEqual({ code: 0, stderr: `1 bad rows of ${data} are left out\n` });
    expect(stdout.replace(/\d+(\.\d+)?/g, "N")).toBe(
      [
        "loss          N nats a token",
        "perplexity    N",
        "accuracy      N % of N tokens",
        "exact match   N % of N distinct sources, N % of N rows",
        "an answer     N ms, median",
        "seen          N rows, exact match N % of N distinct sources",
        "unseen        N rows, exact match N % of N distinct sources",
        "left out      N pairs too long for the model, of the loss",
        "",
      ].join("\n"),
    );
    const shown = await evaluate("--metrics", "bleu,chrf,distinct", "--train", data);
    expect(shown.stdout.split("\n").map((line) => line.replace(/\d+\.\d+/g, "N"))).toEqual([
      "BLEU          N  nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.x",
      "chrF          N  nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.x",
      expect.stringMatching(/^distinct-1 {4}N of \d+ tokens$/),
      "distinct-2    N",
      "seen          7 rows, BLEU N, chrF N, distinct-1 N, distinct-2 N",
      "unseen        0 rows",
      "",
    ]);
    const { stdout: loss } = await evaluate("--metrics", "loss", "--limit", "2");
    expect(loss).toMatch(/^loss.*\nperplexity.*\naccuracy.*\n(left out.*\n)?$/);
  });

  it.each([
    [
      ["--metrics", "bleu,rouge"],
      /'bleu,rouge' is invalid. It must be some of loss, exact, bleu, chrf, distinct, time/,
    ],
    [["--bleu-tokenizer", "char"], /--bleu-tokenizer is for BLEU and distinct-n; add --metrics bleu/],
    [["--alpha", "1"], /alpha: wants a lengthPenalty/],
    [["--n-best", "2"], /unknown option '--n-best'/],
  ])("refuses %j", async (words, message) => {
    expectComplaint(await evaluate(...words), { code: 2, message });
  });
});
