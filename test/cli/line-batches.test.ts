import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineBatches } from "../../src/cli/line-batches.ts";

/** The batches of a stream that brings these chunks, one at a time. */
async function batchesOf(chunks: readonly (string | Uint8Array)[], most = 100): Promise<string[][]> {
  const batches: string[][] = [];
  for await (const lines of lineBatches(Readable.from(chunks), most)) batches.push(lines);
  return batches;
}

/** The bytes of a text, in two chunks. */
const cutAt = (text: string, at: number) => [Buffer.from(text).subarray(0, at), Buffer.from(text).subarray(at)];

describe("lineBatches", () => {
  it("gives the lines that have come, as they come", async () => {
    expect(await batchesOf([Buffer.from("one\ntwo\nthr"), Buffer.from("ee"), Buffer.from("\n\nfive\n")])).toEqual([
      ["one", "two"],
      ["three", "", "five"],
    ]);
  });

  it("mends characters and line ends that chunks split", async () => {
    const text = "가나\r\n😀\r\n\r\n끝\r\n";
    for (let at = 0; at <= Buffer.byteLength(text); at++) {
      expect((await batchesOf(cutAt(text, at))).flat(), `cut at ${at}`).toEqual(["가나", "😀", "", "끝"]);
    }
  });

  it("gives the lines of the text, however it is cut into chunks", async () => {
    const piece = fc.constantFrom("a", "가", "😀", "é", " ", "\n", "\r\n", "\n\n");
    const cuts = fc.array(fc.nat(60), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 30 }),
        cuts,
        fc.integer({ min: 1, max: 5 }),
        async (parts, at, most) => {
          const bytes = Buffer.from(parts.join(""));
          const places = [...new Set([0, ...at.filter((place) => place < bytes.length), bytes.length])].sort(
            (a, b) => a - b,
          );
          const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
          const lines = parts.join("").split(/\r?\n/);
          if (lines.at(-1) === "") lines.pop();
          const batches = await batchesOf(chunks, most);
          expect(batches.flat()).toEqual(lines);
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(most);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("gives a last line that no line end follows", async () => {
    expect(await batchesOf([Buffer.from("one\ntwo")])).toEqual([["one"], ["two"]]);
    expect(await batchesOf([Buffer.from("only")])).toEqual([["only"]]);
    expect(await batchesOf([Buffer.from("one\r")])).toEqual([["one"]]);
  });

  it("gives nothing of an empty stream, and an empty line where there is one", async () => {
    expect(await batchesOf([])).toEqual([]);
    expect(await batchesOf([Buffer.from("\n")])).toEqual([[""]]);
  });

  it("keeps a carriage return inside a line", async () => {
    expect(await batchesOf([Buffer.from("a\rb\n")])).toEqual([["a\rb"]]);
  });

  it("replaces bytes that are no UTF-8, at the end too", async () => {
    expect(await batchesOf([Uint8Array.of(0xff, 0x0a, 0xea, 0xb0)])).toEqual([["\uFFFD"], ["\uFFFD"]]);
  });

  it("takes strings", async () => {
    expect(await batchesOf(["가\n나", "\n"])).toEqual([["가"], ["나"]]);
  });

  it("gives no more lines at once than asked for", async () => {
    const seven = Buffer.from("1\n2\n3\n4\n5\n6\n7\n");
    expect(await batchesOf([seven], 3)).toEqual([["1", "2", "3"], ["4", "5", "6"], ["7"]]);
    expect(await batchesOf([seven], 7)).toHaveLength(1);
  });
});
