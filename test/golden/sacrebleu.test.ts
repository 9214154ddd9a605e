import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bleu, sentenceBleu } from "../../src/metrics/bleu.ts";
import type { BleuTokenizer } from "../../src/metrics/bleu-tokenizers.ts";
import { type ChrfOptions, chrf, sentenceChrf } from "../../src/metrics/chrf.ts";

interface Case {
  name: string;
  hypotheses: string[];
  /** By set of references, then by hypothesis. */
  references: string[][];
  values: Record<string, BleuValues | ChrfValues | number[]>;
}

interface ChrfValues {
  score: number;
  signature: string;
}

interface BleuValues extends ChrfValues {
  precisions: number[];
  bp: number;
  sys_len: number;
  ref_len: number;
}

const folder = process.env.JUMOK_GOLDEN ?? fileURLToPath(new URL(".", import.meta.url));
const { cases } = JSON.parse(readFileSync(join(folder, "sacrebleu.json"), "utf8")) as { cases: Case[] };

describe("BLEU and chrF agree with sacreBLEU", () => {
  it("there are cases", () => expect(cases.length).toBeGreaterThan(20));

  for (const { name, hypotheses, references: sets, values } of cases) {
    const references = hypotheses.map((_, index) => sets.map((set) => set[index]!));

    it.each(Object.entries(values))(`${name}: %s`, (key, value) => {
      const { metric, tokenizer, lowercase, wordOrder } = parse(key);
      switch (metric) {
        case "bleu": {
          const expected = value as BleuValues;
          const actual = bleu(hypotheses, references, { tokenizer, lowercase });
          expectAllClose([actual.score], [expected.score]);
          expectAllClose(actual.precisions, expected.precisions);
          expect(actual.brevityPenalty).toBeCloseTo(expected.bp, 8);
          expect(actual.hypothesisLength).toBe(expected.sys_len);
          expect(actual.referenceLength).toBe(expected.ref_len);
          expect(actual.signature).toBe(expected.signature);
          break;
        }
        case "chrf": {
          const expected = value as ChrfValues;
          const actual = chrf(hypotheses, references, { wordOrder });
          expectAllClose([actual.score], [expected.score]);
          expect(actual.signature).toBe(expected.signature);
          break;
        }
        case "sentence_bleu": {
          const scores = hypotheses.map((text, index) => sentenceBleu(text, references[index]!, { tokenizer }).score);
          expectAllClose(scores, value as number[]);
          break;
        }
        case "sentence_chrf": {
          const scores = hypotheses.map((text, index) => sentenceChrf(text, references[index]!).score);
          expectAllClose(scores, value as number[]);
          break;
        }
        default:
          throw new Error(`sacrebleu.json: ${key} is not known here`);
      }
    });
  }
});

/** Reads a key such as `bleu|tok:13a|lc:True`. */
function parse(key: string) {
  const [metric, ...fields] = key.split("|");
  const settings = new Map(fields.map((field) => field.split(":") as [string, string]));
  return {
    metric,
    tokenizer: settings.get("tok") as BleuTokenizer | undefined,
    lowercase: settings.get("lc") === "True",
    wordOrder: Number(settings.get("word_order") ?? 0) as ChrfOptions["wordOrder"],
  };
}

/** Percentages, which agree far closer than the 0.01 that is asked for. */
function expectAllClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, number] of actual.entries()) expect(number).toBeCloseTo(expected[index]!, 8);
}
