import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readLabelled } from "../../src/data/labelled-texts.ts";
import { write } from "./temporary-files.ts";

describe("labelled texts", () => {
  test.each([
    ["text,label", "text", "label"],
    ["id,document,label", "document", "label"],
    ["sentiment,review", "review", "sentiment"],
    ["번호,리뷰,분류", "리뷰", "분류"],
  ])("columns are found by name: %s", async (header, text, label) => {
    const row = header.split(",").map((name) => `a ${name}`);
    const { columns, texts } = await readLabelled(write("header.csv", `${header}\n${row.join(",")}\n`));
    expect(columns).toEqual({ text, label });
    expect(texts).toEqual([{ text: `a ${text}`, label: `a ${label}`, line: 2 }]);
  });

  test("columns can be chosen; labels may be numbers", async () => {
    const path = write("rows.jsonl", '{"title":"좋다","stars":5}\n{"title":"나쁘다","stars":1}\n');
    const { texts } = await readLabelled(path, { text: "title", label: "stars" });
    expect(texts).toEqual([
      { text: "좋다", label: "5", line: 1 },
      { text: "나쁘다", label: "1", line: 2 },
    ]);
  });

  test("labels that look the same are the same", async () => {
    const path = write(
      "forms.tsv",
      `text\tlabel\n좋다\t${"긍정".normalize("NFD")}\n멋지다\t${"긍정".normalize("NFC")}\n`,
    );
    const { texts } = await readLabelled(path);
    expect(new Set(texts.map(({ label }) => label))).toEqual(new Set(["긍정"]));
  });

  test("a row without text or label is counted, or an error", async () => {
    const path = write("holes.tsv", "text\tlabel\n좋다\tp\n\tp\n그저 그렇다\t\n");
    const { texts, problems } = await readLabelled(path);
    expect(texts).toHaveLength(1);
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [3, "empty text"],
      [4, "empty label"],
    ]);
    await expect(readLabelled(path, { strict: true })).rejects.toThrow("line 3: empty text");
  });

  test("says which columns there are when it is not clear", async () => {
    const path = write("unclear.csv", "문항,점수\n좋다,1\n");
    await expect(readLabelled(path)).rejects.toThrow(/which column holds the texts; name it with --text.*"문항"/);
    await expect(readLabelled(path, { text: 1 })).rejects.toThrow(
      "which column holds the labels; name it with --label",
    );
    const same = write("same.csv", "text,label\n좋다,1\n");
    await expect(readLabelled(same, { label: "text" })).rejects.toThrow("both as text and as label");
    await expect(readLabelled(write("none.csv", "text,label\n,\n"))).rejects.toThrow(
      /none of the 1 rows can be used.*--text and --label/,
    );
  });

  test("the project's own opinions", async () => {
    const { texts, problems } = await readLabelled(
      fileURLToPath(new URL("../../data/reviews.ko.tsv", import.meta.url)),
    );
    expect(problems).toEqual([]);
    expect(texts.length).toBeGreaterThanOrEqual(600);
    const positive = texts.filter(({ label }) => label === "positive").length;
    expect(new Set(texts.map(({ label }) => label))).toEqual(new Set(["positive", "negative"]));
    expect(Math.abs(positive / texts.length - 0.5)).toBeLessThan(0.02);
    expect(new Set(texts.map(({ text }) => text.replace(/[\s\p{P}]/gu, ""))).size).toBe(texts.length);
  });
});
