import { expect, test } from "vitest";
import { fromByteCharacters, toByteCharacters, utf8ByteCharacters } from "../../src/text/bytes.ts";
import { readablePiece } from "../../src/text/readable-piece.ts";

test("byte characters are GPT-2's", () => {
  // From OpenAI's encoder.json: " hello" is "Ġhello", a line end "Ċ"; 영 is EC 98 81.
  expect(toByteCharacters(" hello\n")).toBe("ĠhelloĊ");
  expect(toByteCharacters("영")).toBe("ìĺģ");
  expect(fromByteCharacters("ìĺģ")).toEqual(Uint8Array.of(0xec, 0x98, 0x81));
  expect(fromByteCharacters("영")).toBeNull();
});

test("243 bytes occur in UTF-8, 179 of them at the beginning of a character", () => {
  const { first, later } = utf8ByteCharacters();
  expect([first.length, later.length]).toEqual([128 + 51, 128 + 64 + 51]);
});

test.each([
  [toByteCharacters("▁영화"), "▁영화"],
  [`##${toByteCharacters("볼래")}`, "##볼래"],
  ["ì", "<0xEC>"],
  ["##ģ", "<0x81>"],
  [toByteCharacters("\0"), "<0x00>"],
  ["##", "##"],
  ["영화", "영화"],
])("%j reads %j", (piece, readable) => expect(readablePiece(piece)).toBe(readable));
