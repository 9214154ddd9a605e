import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { attentionGrid } from "../../src/decoding/attention-grid.ts";
import type { Answer } from "../../src/decoding/responder.ts";

const row = (heads: number[][]) => ({
  heads: heads.length,
  keys: heads[0].length,
  weights: Float32Array.from(heads.flat()),
});

const answer: Pick<Answer, "sourceTokens" | "tokens" | "attention"> = {
  sourceTokens: ["<start>", "▁영화", "볼래", "?", "<end>"],
  tokens: ["▁최신", "!"],
  attention: [
    { "cross.0": row([[1, 0, 0, 0, 0]]), "cross.1": row([[0.01, 0.9, 0.05, 0.04, 0]]), "decoder.1": row([[1]]) },
    {
      "cross.0": row([[1, 0, 0, 0, 0]]),
      "cross.1": row([
        [0, 0, 0.4, 0.6, 0],
        [0, 0, 0.2, 0, 0.8],
      ]),
    },
    { "cross.0": row([[1, 0, 0, 0, 0]]), "cross.1": row([[0.1, 0.1, 0.1, 0.1, 0.6]]) },
  ],
};

describe("attentionGrid", () => {
  it("has a column a source piece, a row an answer piece and <end>, the mean over heads of the last layer as shades", () => {
    expect(attentionGrid(answer).split("\n")).toEqual([
      "      <start> ▁영화 볼래 ? <end>",
      "▁최신         █████ ░░░░ ░      ",
      "    !               ▓▓▓▓ ▓ ▓▓▓▓▓",
      "<end> ▒▒▒▒▒▒▒ ▒▒▒▒▒ ▒▒▒▒ ▒ █████",
      "░ ≥ 3 %   ▒ ≥ 10 %   ▓ ≥ 25 %   █ ≥ 50 %",
    ]);
  });

  it("aligns wide characters, and goes on below where the terminal ends", () => {
    const lines = attentionGrid(answer, { width: 24 }).split("\n").slice(0, -1);
    const blank = lines.indexOf("");
    expect(lines[0]).toBe("      <start> ▁영화 볼래");
    expect(lines[blank + 1]).toBe("      ? <end>");
    for (const block of [lines.slice(0, blank), lines.slice(blank + 1)]) {
      expect(block).toHaveLength(4);
      expect(new Set(block.map((line) => stringWidth(line))).size).toBe(1);
    }
    expect(attentionGrid(answer, { width: 1 }).split("\n")).toHaveLength(5 * 5);
  });

  it("shows another attention by name, and says which there are", () => {
    expect(attentionGrid(answer, { attention: "cross.0" })).toContain("▁최신 ███████    ");
    expect(() => attentionGrid(answer, { attention: "cross.7" })).toThrow(
      'no attention "cross.7"; there are cross.0, cross.1',
    );
    expect(() => attentionGrid({ ...answer, attention: [] })).toThrow("compile with attention: true");
  });
});
