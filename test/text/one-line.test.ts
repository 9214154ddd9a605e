import { describe, expect, it } from "vitest";
import { oneLine } from "../../src/text/one-line.ts";

describe("oneLine", () => {
  it.each(["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\n\u2028\n"])(
    "makes one blank of %j",
    (lineBreak) => {
      expect(oneLine(`${lineBreak}one${lineBreak}two${lineBreak}`)).toBe("one two");
    },
  );

  it("leaves other characters as they are", () => {
    const text = "a  b\tc\0d\x1be\u00a0f\u200dg 👨‍👩‍👧 e\u0301";
    expect(oneLine(text)).toBe(text);
  });
});
