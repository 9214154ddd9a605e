import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readPairs } from "../../src/data/pairs.ts";
import { write } from "./temporary-files.ts";

describe("columns are found by name", () => {
  const headers: [header: string, source: string, target: string][] = [
    ["Q,A,label", "Q", "A"],
    ["label,a,q", "q", "a"],
    ["id,Source,TARGET", "Source", "TARGET"],
    ["src,tgt", "src", "tgt"],
    ["n,question,answer", "question", "answer"],
    ["output,input", "input", "output"],
    ["ko,en", "ko", "en"],
    ["en,ko", "en", "ko"],
    ["line,en,de,attribution", "en", "de"],
    ["prompt,response", "prompt", "response"],
    ["completion,prompt", "prompt", "completion"],
    ["번호,질문,답변", "질문", "답변"],
    ["질문,대답", "질문", "대답"],
    ["text,label", "text", "label"],
  ];
  for (const [header, source, target] of headers) {
    test(header, async () => {
      const row = (mark: string) => header.split(",").map((name) => `${mark} ${name}`);
      const csv = write("header.csv", `${header}\n${row("x").join(",")}\n`);
      const json = write(
        "header.jsonl",
        JSON.stringify(Object.fromEntries(header.split(",").map((name) => [name, `x ${name}`]))),
      );
      for (const path of [csv, json]) {
        const { columns, pairs } = await readPairs(path);
        expect(columns).toEqual({ source, target });
        expect(pairs).toEqual([{ source: `x ${source}`, target: `x ${target}`, line: path === csv ? 2 : 1 }]);
      }
    });
  }

  test("decomposed Hangul in a header is the same name", async () => {
    const { columns } = await readPairs(write("nfd.csv", `${"번호,질문,답변".normalize("NFD")}\n1,a,b\n`));
    expect(columns.source.normalize("NFC")).toBe("질문");
  });
});

test("without a header the first two columns are read, the first row included", async () => {
  const three = await readPairs(write("three.tsv", "Hi.\tHallo!\tCC-BY\nGo.\tGeh.\tCC-BY\n"));
  expect(three.columns).toEqual({ source: "1", target: "2" });
  expect(three.format.header).toBe(false);
  expect(three.pairs.map(({ source, line }) => [source, line])).toEqual([
    ["Hi.", 1],
    ["Go.", 2],
  ]);
});

test("columns may be chosen by name or by number, and a group with them", async () => {
  const path = write("chosen.csv", "Q,A,label\r\n q1 ,a1,0\r\nq2, a2 ,1\r\n");
  const chosen = await readPairs(path, { source: "a", target: 1, group: "label" });
  expect(chosen.columns).toEqual({ source: "A", target: "Q", group: "label" });
  expect(chosen.pairs).toEqual([
    { source: "a1", target: "q1", group: "0", line: 2 },
    { source: "a2", target: "q2", group: "1", line: 3 },
  ]);
  expect((await readPairs(path, { source: "2", target: "3" })).columns).toEqual({ source: "A", target: "label" });
  expect((await readPairs(path, { target: "A" })).columns.source).toBe("Q");
  expect((await readPairs(path)).pairs[0]).not.toHaveProperty("group");
  const json = write("chosen.jsonl", '{"Q":"q","A":"a","label":0}\n');
  expect((await readPairs(json, { group: "label" })).pairs).toEqual([
    { source: "q", target: "a", group: "0", line: 1 },
  ]);
});

test("an unknown column lists the columns there are", async () => {
  const path = write("unknown.csv", "Q,A,label\na,b,0\n");
  await expect(readPairs(path, { source: "query" })).rejects.toThrow(
    /unknown\.csv: there is no column "query"\. The columns are "Q", "A", "label"/,
  );
  await expect(readPairs(path, { group: "4" })).rejects.toThrow(/there is no column "4"\. The columns are/);
  const plain = write("unknown.tsv", "hello\t안녕\n");
  await expect(readPairs(plain, { target: 3 })).rejects.toThrow(
    /there is no column "3"\. The file has no header that is known; its columns by number: 1 "hello", 2 "안녕"/,
  );
});

describe("columns that are not clear list what there is and what to pass", () => {
  test.each([
    [
      "id,document,label\n1,x,0\n",
      /the columns are "id", "document", "label": choose with --source COLUMN and --target/,
    ],
    ["Q,A,source,target\n1,2,3,4\n", /\("Q" with "A" or "source" with "target"\)/],
    ["ko,en,de\n1,2,3\n", /"ko" with "en" or "ko" with "de" or "en" with "de"/],
    ["idx,utterance,reply\n1,hi,ho\n2,a,b\n", /the columns are 1 "idx", 2 "utterance", 3 "reply": choose/],
  ])("%j", async (text, message) => {
    await expect(readPairs(write("unclear.csv", text))).rejects.toThrow(message);
  });

  test("but one choice may settle it", async () => {
    const { columns } = await readPairs(write("settled.csv", "ko,en,de\n1,2,3\n"), { source: "en" });
    expect(columns).toEqual({ source: "en", target: "de" });
  });

  test("the same column twice", async () => {
    const path = write("same.csv", "Q,A\na,b\n");
    await expect(readPairs(path, { source: "Q", target: "Q" })).rejects.toThrow(/"Q" is chosen both as source and/);
  });

  test("two columns of one name", async () => {
    const path = write("twice.csv", "Q,A,Q\na,b,c\n");
    await expect(readPairs(path, { source: "Q", target: "A" })).rejects.toThrow(/two columns are named "Q"; choose by/);
  });
});

test("empty texts are problems, and strict throws at the first", async () => {
  const path = write("gaps.csv", "Q,A\na,b\n  ,c\nd,\n,\n");
  const { pairs, problems } = await readPairs(path);
  expect(pairs.length).toBe(1);
  expect(problems).toEqual([
    { file: path, line: 3, reason: "empty source", value: '"c"' },
    { file: path, line: 4, reason: "empty target", value: '"d"' },
    { file: path, line: 5, reason: "empty source", value: '""' },
  ]);
  await expect(readPairs(path, { strict: true })).rejects.toThrow(/gaps\.csv, line 3: empty source: "c"; correct this/);
});

test("the hash is that of the stored file", async () => {
  const path = write("hash.csv.gz", "Q,A\na,b\n");
  const { sha256, file, format } = await readPairs(path);
  expect(sha256).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
  expect(file).toBe(path);
  expect(format).toEqual({ kind: "csv", delimiter: ",", quoted: true, header: true, gzip: true });
});
