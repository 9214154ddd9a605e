import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem, type Problem } from "../../src/data/data-error.ts";
import type { ColumnChoice, Row } from "../../src/data/row.ts";
import { Table } from "../../src/data/table.ts";
import { write } from "./temporary-files.ts";

async function read(path: string, choices: ColumnChoice[] = ["1", "2"]) {
  const table = await Table.open(path, choices);
  const rows: Row[] = [];
  const problems: Problem[] = [];
  for await (const item of table.rows(choices.map((choice) => table.column(choice)))) {
    if (isProblem(item)) problems.push(item);
    else rows.push(item);
  }
  return { table, rows, problems, fields: rows.map(({ fields }) => fields) };
}

describe("format", () => {
  const rows = [
    ["Hello, you", "안녕"],
    ["a\tb; c|d", 'she said "no"'],
    ["two\nlines", "end"],
  ];
  const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;

  for (const delimiter of [",", "\t", ";", "|"]) {
    for (const lineBreak of ["\n", "\r\n"]) {
      test(`${JSON.stringify(delimiter)} with ${JSON.stringify(lineBreak)} is found`, async () => {
        const text = [["Q", "A"], ...rows].map((fields) => fields.map(quote).join(delimiter) + lineBreak).join("");
        for (const name of ["quoted.csv", "quoted.txt", "quoted.csv.gz"]) {
          const { table, fields } = await read(write(name, `\ufeff${text}`));
          expect(table.format).toMatchObject({ delimiter, quoted: true, header: true, gzip: name.endsWith(".gz") });
          expect(table.columns).toEqual(["Q", "A"]);
          expect(fields).toEqual(rows);
        }
      });
    }
  }

  test("LF and CRLF may be mixed, blank lines are no rows, and lines are counted as they stand", async () => {
    const { rows, problems } = await read(write("mixed.csv", 'Q,A\r\na,b\n\nc,"d\r\ne"\r\n  \n"f",g'));
    expect(rows).toEqual([
      { line: 2, fields: ["a", "b"] },
      { line: 4, fields: ["c", "d\r\ne"] },
      { line: 7, fields: ["f", "g"] },
    ]);
    expect(problems).toEqual([]);
  });

  test("quotes in tab-separated text are ordinary characters", async () => {
    const text = 'He said "hi".\tEr sagte "hi".\n"Texas" meat\tFleisch\n"Hello!"\t"Hallo!"\nan inch: 5"\tein Zoll\n';
    const { table, fields } = await read(write("plain.tsv", text));
    expect(table.format).toEqual({ kind: "tsv", delimiter: "\t", quoted: false, header: false, gzip: false });
    expect(fields.slice(0, 3)).toEqual([
      ['He said "hi".', 'Er sagte "hi".'],
      ['"Texas" meat', "Fleisch"],
      ['"Hello!"', '"Hallo!"'],
    ]);
  });

  test("tab-separated text that is properly quoted is unquoted", async () => {
    const { fields, table } = await read(write("quoted.tsv", 'a\tb\n"say ""hi"""\tc\n"with\ttab"\td\n'));
    expect(table.format.quoted).toBe(true);
    expect(fields).toEqual([
      ["a", "b"],
      ['say "hi"', "c"],
      ["with\ttab", "d"],
    ]);
  });

  test("JSONL is found by name or by its first line, and blank lines are no rows", async () => {
    const text = '{"Q":"안녕","A":"반가워"}\r\n\n{"A":"b","Q":"a\\nb","more":[1]}\n';
    for (const name of ["rows.jsonl", "rows.ndjson", "rows.txt", "rows.json", "rows.jsonl.gz"]) {
      const { rows, table } = await read(write(name, text), ["Q", "A"]);
      expect(table.format.kind).toBe("jsonl");
      expect(table.columns).toEqual(["Q", "A", "more"]);
      expect(rows).toEqual([
        { line: 1, fields: ["안녕", "반가워"] },
        { line: 3, fields: ["a\nb", "b"] },
      ]);
    }
  });

  test("a first row of text is data, unless the caller names columns", async () => {
    const path = write("utterances.csv", "utterance,reply\nhello,hi\n");
    expect((await read(path)).fields).toEqual([
      ["utterance", "reply"],
      ["hello", "hi"],
    ]);
    expect((await read(path, ["reply", "UTTERANCE"])).fields).toEqual([["hi", "hello"]]);
  });

  test("a known header says how many fields there are, whatever most rows have", async () => {
    const { fields, problems } = await read(write("commas.csv", "Q,A\na,b\nwell, yes,so\noh, no,so\n"));
    expect(fields).toEqual([["a", "b"]]);
    expect(problems.map(({ reason }) => reason)).toEqual(Array(2).fill("3 fields instead of 2"));
  });

  test("prose with commas in tab-separated text does not make it comma-separated", async () => {
    const { table } = await read(write("prose.txt", "well, yes\tnun, ja\noh, no\toh, nein\n"));
    expect(table.format.delimiter).toBe("\t");
  });
});

describe("bad rows", () => {
  test("are problems with line, reason and value, and the others go on", async () => {
    const text = [
      "Q,A",
      "good,row",
      "one,two,three",
      "alone",
      'quo"te,x',
      '"closed"badly,x',
      '"never closed,x',
      "again,good",
      'a,"b',
      'c",d',
      "last,row",
    ].join("\n");
    const { fields, problems } = await read(write("bad.csv", text));
    expect(problems.map(({ line, reason, value }) => [line, reason, value])).toEqual([
      [3, "3 fields instead of 2", '"one,two,three"'],
      [4, "1 fields instead of 2", '"alone"'],
      [5, "a lone or misplaced quote", '"quo"te,x"'],
      [6, "a lone or misplaced quote", '""closed"badly,x"'],
      [7, "a lone or misplaced quote", '""never closed,x"'],
      [9, "3 fields instead of 2", '"a,"b c",d"'],
    ]);
    expect(fields).toEqual([
      ["good", "row"],
      ["again", "good"],
      ["last", "row"],
    ]);
  });

  test("two lone quotes do not swallow the whole rows between them", async () => {
    const { fields, problems } = await read(write("swallow.csv", 'Q,A\n"lost,row\na,b\nc,d\ne,f"\ng,h\n'));
    expect(fields).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["g", "h"],
    ]);
    expect(problems.map(({ line }) => line)).toEqual([2, 5]);
  });

  test("a quote that stays open for more than 1 MiB costs one line", async () => {
    const good = "question,answer number\n".repeat(60_000);
    const { rows, problems } = await read(write("open.csv", `Q,A\n"open,row\n${good}`));
    expect(rows.length).toBe(60_000);
    expect(problems.map(({ line }) => line)).toEqual([2]);
  });

  test("bytes that are not UTF-8 and NUL characters late in a file", async () => {
    const good = "question,answer\n".repeat(10_000);
    const bytes = Buffer.concat([
      Buffer.from(`Q,A\n${good}`),
      Buffer.from([0xb0, 0xa1, 0x2c, 0x61, 0x0a]),
      Buffer.from("nul\0,x\ngood,row\n"),
    ]);
    const { rows, problems } = await read(write("bytes.csv", bytes));
    expect(rows.length).toBe(10_001);
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [10_002, "not valid UTF-8"],
      [10_003, "a NUL character"],
    ]);
  });

  test("of JSONL", async () => {
    const text = ['{"Q":"a","A":"b"}', '{"Q":"a"', "[1]", '{"Q":"a"}', '{"Q":"a","A":3}', '{"Q":null,"A":"b"}'];
    const { rows, problems } = await read(write("bad.jsonl", text.join("\n")), ["Q", "A"]);
    expect(rows.length).toBe(1);
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "not a JSON object"],
      [3, "not a JSON object"],
      [4, 'no key "A"'],
      [5, '"A" is a number, not a string'],
      [6, '"Q" is null, not a string'],
    ]);
  });

  test("throw if strict, naming file, line, value and what to do", async () => {
    const path = write("strict.csv", "Q,A\na,b\na,b,c\n");
    const table = await Table.open(path);
    const all = async () => {
      for await (const _ of table.rows([table.column("Q")], { strict: true }));
    };
    await expect(all).rejects.toThrow(`${path}, line 3: 3 fields instead of 2: "a,b,c"; correct this line`);
  });
});

describe("laws", () => {
  const field = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "가", '"', ",", ";", "\t", "\n", "\r\n", " ", "|", "😀") }),
    fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0") && !text.includes("\ufeff")),
  );
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test("what is written with quotes is read back equal, with every row on its line", async () => {
    const table = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(",", ";", "|", "\t"),
        fc.constantFrom("\n", "\r\n"),
        async (rows, delimiter, lineBreak) => {
          const records = [["id", "Q", "A"], ...rows].map((fields) => fields.map(quote).join(delimiter) + lineBreak);
          const result = await read(write("law.csv", records.join("")), ["id", "Q", "A"]);
          expect(result.problems).toEqual([]);
          expect(result.fields).toEqual(rows);
          let line = 1;
          const starts = records.map((record) => {
            const start = line;
            line += record.split("\n").length - 1;
            return start;
          });
          expect(result.rows.map((row) => row.line)).toEqual(starts.slice(1));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("no line of any text is lost: it is blank, or in a row, or in a problem", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", '"', ","), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (middle) => {
        const lines = ["Q,A", "x,y", ...middle, "z,z"];
        const { rows, problems } = await read(write("lines.csv", lines.join("\n")));
        const items = [...rows, ...problems].sort((a, b) => a.line - b.line);
        for (let number = 2; number <= lines.length; number++) {
          if (lines[number - 1] === "") continue;
          const item = items.findLast((item) => item.line <= number)!;
          // A row goes on for as many lines as its fields have breaks; a row of the wrong number of fields too.
          if (isProblem(item) && item.reason.includes("fields instead of")) continue;
          const more = isProblem(item) ? 0 : item.fields.join("").split("\n").length - 1;
          expect(number).toBeLessThanOrEqual(item.line + more);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("JSON lines are read back equal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ source: field, target: field }), { minLength: 1 }), async (objects) => {
        const path = write("law.jsonl", objects.map((object) => JSON.stringify(object)).join("\n"));
        const { fields } = await read(path, ["source", "target"]);
        expect(fields).toEqual(objects.map(({ source, target }) => [source, target]));
      }),
      { numRuns: 40 },
    );
  });
});
