import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { at, expectComplaint, jsonLines, jumok, PAIRS, TINY, write } from "./command.ts";

const model = at("model");
const judge = at("judge");
const GRU = ["--model", "recurrent", "--cell", "gru", "--attention", "dot"];
const recurrent = at("recurrent");

beforeAll(async () => {
  const data = write("pairs.csv", PAIRS);
  const texts = ["영화 정말 좋아요\t5\n", "커피 아주 싫어요\t1\n"].map((row) => row.repeat(6)).join("");
  const reviews = write("reviews.tsv", `text\tlabel\n${texts}`);
  const small = [
    "--d-model",
    "8",
    "--hidden-size",
    "8",
    "--attention-units",
    "8",
    "--dense-units",
    "8",
    "--epochs",
    "1",
  ];
  const outcomes = await Promise.all([
    jumok(["train", data, "--out", model, ...TINY]),
    jumok(["train", data, "--out", recurrent, ...GRU, "--d-model", "8", "--vocabulary-size", "512", "--epochs", "1"]),
    jumok([
      "train",
      reviews,
      "--out",
      judge,
      "--task",
      "classify",
      ...small,
      "--vocabulary-size",
      "300",
      "--valid-fraction",
      "0",
    ]),
  ]);
  for (const { code, stderr } of outcomes) expect(code, stderr).toBe(0);
}, 120_000);

const attention = (...words: string[]) => jumok(["attention", ...words]);

describe.concurrent("jumok attention", () => {
  it("shades the last layer's attention to the source on the terminal", async () => {
    const { code, stdout, stderr } = await attention(
      model,
      "영화",
      "볼래?",
      "--target",
      "영화 좋아요.",
      "--lang",
      "en",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^영화 볼래\? → 영화 좋아요\. \(target given\)\n\nCross-attention · layer 1 · mean of 2 heads\n/,
    );
    expect(stdout).toMatch(/^ +<start> 영화 .*<end>$/m);
    expect(stdout).toMatch(/ ≥ 50 %\n$/);
  });

  it.each([
    ["map.svg", /^<svg .*<\/svg>\n$/s],
    ["map.png", /^.PNG/],
    ["map.html", /^<!doctype html>.*<\/html>\n$/s],
    ["map.json", /^\{"text":"영화 볼래\?".*\}\n$/],
  ])("writes %s", async (name, content) => {
    const file = at(`folder of ${name}`, name);
    const outcome = await attention(model, "영화 볼래?", "-o", file, "--layer", "all", "--head", "all");
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    expect(outcome.stderr).toContain(`written: ${file}\n`);
    expect(readFileSync(file, "utf8")).toMatch(content);
    expect(readdirSync(at(`folder of ${name}`))).toEqual([name]);
  });

  it("takes the format from --format, and prints it without -o", async () => {
    const svg = await attention(model, "영화", "--format", "svg", "--kind", "decoder", "--lang", "ko", "--words");
    expect(svg).toMatchObject({ code: 0, stderr: "" });
    expect(svg.stdout).toContain("<title>디코더 셀프 어텐션 · 1층 · 헤드 2개 평균</title>");
    const named = await attention(model, "영화", "--format", "json", "-o", at("map.txt"));
    expect(named.code).toBe(0);
    expect(JSON.parse(readFileSync(at("map.txt"), "utf8")).text).toBe("영화");
  });

  it("prints all weights with --json, or those that are chosen", async () => {
    const [all] = jsonLines(await attention(model, "영화 볼래?", "--json"));
    expect(all.maps.map(({ kind, layer }: Record<string, unknown>) => [kind, layer])).toEqual([
      ["encoder", 1],
      ["decoder", 1],
      ["cross", 1],
    ]);
    for (const { shape, weights } of all.maps) {
      expect(weights).toHaveLength(shape.reduce((a: number, b: number) => a * b));
    }
    const [chosen] = jsonLines(await attention(model, "영화 볼래?", "--json", "--kind", "encoder", "--head", "2"));
    expect(chosen.maps).toMatchObject([{ kind: "encoder", layer: 1, head: 2 }]);
  });

  it("shows the alignment of a recurrent model and the look of a classifier", async () => {
    const aligned = await attention(recurrent, "영화 볼래?", "--lang", "en");
    expect(aligned.stdout).toMatch(/^Alignment$/m);
    const told = await attention(judge, "영화 정말 좋아요", "--lang", "en");
    expect(told.stdout).toMatch(/^영화 정말 좋아요 → [15] \d+\.\d%\n\nAttention pooling\n/);
    expect((await attention(judge, "영화 정말 좋아요", "-o", at("look.svg"))).code).toBe(0);
  });
});

describe.concurrent("jumok attention refuses", () => {
  it.each([
    [["-o", "map.pdf"], /map\.pdf ends in \.pdf; known are \.svg, \.png, \.html, \.json, or say --format$/],
    [["-o", "map"], /-o map has no extension; known are/],
    [["--format", "png"], /a PNG is written to a file: give -o map\.png$/],
    [["--json", "-o", "map.json"], /--json prints on standard output/],
    [["--layer", "2"], /there is no layer 2: cross-attention has 1 layer$/],
    [["--layer", "0"], /--layer/],
    [["--head", "3"], /there is no head 3: cross-attention has 2 heads a layer$/],
    [["--head", "median"], /--head/],
    [["--kind", "pooling"], /this model has no pooling attention; it has encoder self-attention \(encoder\), /],
  ])("%j", async (flags, message) => {
    expectComplaint(await attention(model, "영화", ...flags), { code: 2, message });
    expect(existsSync(at("map"))).toBe(false);
  });

  it("a target for a classifier, rollout of an alignment, an empty text", async () => {
    expectComplaint(await attention(judge, "영화", "--target", "좋아요"), {
      code: 2,
      message: /--target has no meaning here: a classifier writes nothing$/,
    });
    expectComplaint(await attention(recurrent, "영화", "--head", "rollout"), {
      code: 2,
      message: /rollout follows attention through layers of self-attention; alignment is a single look$/,
    });
    expectComplaint(await attention(model, " "), { code: 1, message: /the text is empty$/ });
  });

  it("a folder that is no model", async () => {
    expectComplaint(await attention(at("nowhere"), "영화"), { code: 1, message: /nowhere/ });
  });
});
