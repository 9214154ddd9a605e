import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/data/data-error.ts";
import type { Line } from "../../src/data/lines.ts";
import { openTextLines, type TextLines, textLinesOf } from "../../src/data/text-lines.ts";
import { temporaryFolder, write, writeRaw } from "./temporary-files.ts";

async function linesOf({ lines }: TextLines): Promise<Line[]> {
  const all: Line[] = [];
  for await (const group of lines) all.push(...group);
  return all;
}

async function* inPieces(bytes: Buffer, at: readonly number[]): AsyncGenerator<Buffer> {
  const places = [0, ...[...at].sort((a, b) => a - b), bytes.length];
  for (const [i, place] of places.slice(1).entries()) yield bytes.subarray(places[i], place);
}

const readStream = (bytes: Buffer, at: readonly number[] = []) => linesOf(textLinesOf(inPieces(bytes, at), "a stream"));

describe("lines of text", () => {
  it("are the same however the bytes come, and end where they end", async () => {
    const part = fc.constantFrom("a", "가", "😀", "\0", " ", "\r", "\n", "\r\n", "\n\n");
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 25 }),
        fc.array(fc.nat(80), { maxLength: 9 }),
        async (parts, cuts) => {
          const text = parts.join("");
          const bytes = Buffer.from(text);
          const at = cuts.map((cut) => Math.min(cut, bytes.length));
          const lines = await readStream(bytes, at);
          const expected = text.split("\n");
          if (expected.at(-1) === "") expected.pop();
          expect(lines.map((line) => line.text + line.lineBreak.replace("\n", ""))).toEqual(expected);
          expect(lines.map(({ number }) => number)).toEqual(expected.map((_, i) => i + 1));
          expect(lines.map(({ end }, i) => bytes.subarray(lines[i - 1]?.end ?? 0, end).toString())).toEqual(
            lines.map((line) => line.text + line.lineBreak),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("are without a byte order mark, also one that comes in pieces", async () => {
    const bytes = Buffer.from("\ufeff가\n\ufeff나");
    for (const at of [[], [1], [1, 2], [2, 3]]) {
      expect((await readStream(bytes, at)).map(({ text }) => text)).toEqual(["가", "\ufeff나"]);
    }
  });

  it("say what is wrong with them, and the others go on", async () => {
    const bytes = Buffer.concat([Buffer.from("좋다\n"), Buffer.from([0xbe, 0xc8, 0x0a]), Buffer.from("a\0b\n끝")]);
    expect((await readStream(bytes, [4, 8])).map(({ number, defect }) => [number, defect])).toEqual([
      [1, undefined],
      [2, "not valid UTF-8"],
      [3, "a NUL character"],
      [4, undefined],
    ]);
  });

  it("that are longer than 1 MiB are given up, whatever comes after them", async () => {
    const long = Buffer.alloc(2 ** 20 + 1, "가a");
    const bytes = Buffer.concat([Buffer.from("first\n"), long, long, Buffer.from("\nlast\n"), long]);
    for (const at of [[], [100], [2 ** 20 + 6, 2 ** 20 + 7, 2 ** 21], [bytes.length - 2]]) {
      const lines = await readStream(bytes, at);
      expect(lines.map(({ number, defect }) => [number, defect])).toEqual([
        [1, undefined],
        [2, "longer than 1 MiB"],
        [3, undefined],
        [4, "longer than 1 MiB"],
      ]);
      expect(lines[1].text).toMatch(/^가a가a/);
      expect(lines[1].text.length).toBeLessThan(300);
      expect(lines[2]).toMatchObject({ text: "last", end: bytes.length - long.length });
    }
  });

  it("may be 1 MiB long", async () => {
    const [line] = await readStream(Buffer.concat([Buffer.alloc(2 ** 20 - 1, "a"), Buffer.from("\n")]));
    expect(line.defect).toBeUndefined();
  });

  it("come from files, empty and compressed ones too", async () => {
    expect(await linesOf(await openTextLines(write("empty.txt", "")))).toEqual([]);
    const plain = await openTextLines(write("plain.txt", "하나\n둘\n"));
    expect(plain.size).toBe(11);
    const packed = await openTextLines(write("packed.txt.gz", "하나\n둘\n"));
    expect(packed.size).toBeUndefined();
    expect(await linesOf(packed)).toEqual(await linesOf(plain));
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeffhello\n", "utf16le"), /this is UTF-16 text; save it as UTF-8/],
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0]), /this is gzip data; name a file whose name ends in \.gz, or unpack/],
    ["zip", Buffer.from("PK\x03\x04xx"), /this is a zip or office file; save the text as plain text/],
  ])("are not looked for in %s", async (_, bytes, message) => {
    for (const at of [[], [1]]) await expect(readStream(bytes, at)).rejects.toThrow(message);
    await expect(readStream(bytes)).rejects.toBeInstanceOf(DataError);
  });

  it("may begin like a file of another format that begins with letters", async () => {
    expect((await readStream(Buffer.from("%PDF is a word\n"))).map(({ text }) => text)).toEqual(["%PDF is a word"]);
  });

  it("of a file that cannot be read are an error that names it", async () => {
    await expect(openTextLines(`${temporaryFolder}/none.txt`)).rejects.toThrow(/none\.txt: there is no such file/);
    await expect(openTextLines(temporaryFolder)).rejects.toThrow(/this is a folder; name a file in it/);
    const damaged = await openTextLines(writeRaw("damaged.txt.gz", "no gzip"));
    await expect(linesOf(damaged)).rejects.toThrow(/damaged\.txt\.gz: the gzip data is damaged/);
  });
});
