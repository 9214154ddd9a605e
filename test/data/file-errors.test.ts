import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/data/data-error.ts";
import { readPairs } from "../../src/data/pairs.ts";
import { temporaryFolder, write, writeRaw } from "./temporary-files.ts";

const zip = gzipSync(`Q,A\n${"hello,world\n".repeat(1000)}`);
const euckr = Buffer.from([0xbe, 0xc8, 0xb3, 0xe7]);

const cases: [what: string, path: () => string, message: RegExp][] = [
  ["a missing file", () => join(temporaryFolder, "none.csv"), /none\.csv: there is no such file; check the path/],
  ["a folder", () => temporaryFolder, /this is a folder; name a file in it/],
  ["an empty file", () => write("empty.csv", ""), /empty\.csv: the file is empty/],
  ["an empty compressed file", () => write("empty.csv.gz", ""), /the file is empty once decompressed/],
  ["blank lines", () => write("blank.csv", "\n \n\r\n"), /the file is empty: it has no line that is not blank/],
  ["blank lines of JSON", () => write("blank.jsonl", "\n \n"), /the file is empty: every line is blank/],
  ["only a byte order mark", () => write("bom.csv", "\ufeff"), /the file is empty/],
  [
    "only a header",
    () => write("header.csv", "Q,A,label\r\n\r\n"),
    /line 1: there is only a header; add rows below it/,
  ],
  ["only one column", () => write("one.csv", "hello\nworld\n"), /only one column: .* start with "hello"/],
  ["one column of a .tsv", () => write("one.tsv", "a,b\nc,d\n"), /only one column: a tab does not split the lines/],
  ["a NUL byte", () => write("nul.csv", "Q,A\na\0,b\n"), /line 2: this is a binary file \(it holds a NUL byte\)/],
  ["a zip file", () => write("book.csv", "PK\x03\x04xx\0"), /this is a zip or Excel file; export the sheet as CSV/],
  [
    "UTF-16",
    () => writeRaw("wide.csv", Buffer.from("\ufeffQ,A\n", "utf16le")),
    /this is UTF-16 text; save it as UTF-8/,
  ],
  [
    "gzip without .gz",
    () => writeRaw("packed.csv", zip),
    /the content is gzip but the name does not end in \.gz; rename/,
  ],
  ["text named .gz", () => writeRaw("text.csv.gz", "Q,A\na,b\n"), /ends in \.gz but the content is not gzip/],
  [
    "a cut gzip",
    () => writeRaw("cut.csv.gz", zip.subarray(0, zip.length - 12)),
    /the gzip data is damaged \(unexpected end/,
  ],
  ["a spoilt gzip", () => writeRaw("spoilt.csv.gz", spoil(zip)), /the gzip data is damaged .*download or compress/],
  ["CP949", () => writeRaw("cp949.csv", lines("Q,A", euckr, euckr, euckr)), /line 2: this is not UTF-8 text: .*cp949/],
  ["lone CR", () => write("mac.csv", "hello\rworld\r"), /the lines end in a lone CR/],
  [
    "a JSON array",
    () => write("array.json", '[\n{"Q":"a","A":"b"}\n]'),
    /this JSON is not one object a line; write it as JSONL/,
  ],
  [
    "JSONL of one key",
    () => write("key.jsonl", '{"text":"a"}\n'),
    /each line must be a JSON object with a source and a target/,
  ],
  [
    "no usable row",
    () => write("unusable.csv", "Q,A\na,\nb,\n"),
    /line 2: none of the 2 rows can be used; the first has empty target: "a"/,
  ],
];

describe("a whole file that cannot be used is an error that says what to do", () => {
  for (const [what, path, message] of cases) {
    test(what, async () => {
      const reading = readPairs(path());
      await expect(reading).rejects.toThrow(message);
      await expect(reading).rejects.toBeInstanceOf(DataError);
    });
  }

  test("zeros after the end of gzip data, as on tapes, do no harm", async () => {
    const { pairs } = await readPairs(writeRaw("tail.csv.gz", Buffer.concat([zip, Buffer.alloc(512)])));
    expect(pairs.length).toBe(1000);
  });

  test("gzip data in several members is read whole", async () => {
    const { pairs } = await readPairs(
      writeRaw("members.tsv.gz", Buffer.concat([gzipSync("a\tb\n"), gzipSync("c\td\n")])),
    );
    expect(pairs.length).toBe(2);
  });
});

describe("a line without end", () => {
  for (const megabytes of [10, 100]) {
    for (const name of ["line.csv", "line.jsonl", "line.txt"]) {
      test(`of ${megabytes} MB in ${name} ends soon and in little memory`, async () => {
        const path = join(temporaryFolder, name);
        const file = openSync(path, "w");
        for (let i = 0; i < megabytes; i++) writeSync(file, "question,answer ".repeat(62_500));
        closeSync(file);
        const before = process.memoryUsage().rss;
        const start = performance.now();
        await expect(readPairs(path)).rejects.toThrow(
          /line 1: the line is longer than 1 MiB and starts with "question,answer question/,
        );
        expect(performance.now() - start).toBeLessThan(1000);
        expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
      });
    }
  }

  test("in a small compressed file ends too", async () => {
    await expect(readPairs(write("bomb.csv.gz", "x".repeat(50e6)))).rejects.toThrow(/longer than 1 MiB/);
  });

  test("below good rows names its line", async () => {
    const path = write("late.csv", `Q,A\n${"a,b\n".repeat(100_000)}${"x".repeat(2e6)}\n`);
    await expect(readPairs(path)).rejects.toThrow(/line 100002: the line is longer than 1 MiB/);
  });

  test("is refused above 1 MiB and not below", async () => {
    const { pairs } = await readPairs(write("long.csv", `Q,A\n${"x".repeat(2 ** 20 - 10)},b\n`));
    expect(pairs[0]!.source.length).toBe(2 ** 20 - 10);
  });
});

function spoil(bytes: Buffer): Buffer {
  const spoilt = Buffer.from(bytes);
  spoilt.fill(0xff, 20, 40);
  return spoilt;
}

function lines(header: string, ...texts: Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from(header),
    ...texts.map((text) => Buffer.concat([Buffer.from("\n"), text, Buffer.from(","), text])),
  ]);
}
