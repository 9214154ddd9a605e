import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { Tokenizer as Rust } from "tokenizers";
import { describe, expect, test } from "vitest";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import type { TokenizerOptions } from "../../src/text/tokenizer-options.ts";
import { anyText, corpus } from "./corpus.ts";

const options: TokenizerOptions[] = (["bpe", "wordpiece"] as const).flatMap((kind) =>
  (["isolated", "spaced"] as const).flatMap((punctuation) =>
    (["bytes", "characters"] as const).map((fallback) => ({ kind, punctuation, fallback, vocabularySize: 700 })),
  ),
);

describe("Hugging Face's Rust library, opening our file, gives the same ids and texts", () => {
  test.each([...options, { vocabularySize: 700, normalization: "nfkc", lowercase: true } as const])(
    "%j",
    async (options) => {
      const ours = Tokenizer.train(corpus, options);
      const theirs = Rust.fromString(JSON.stringify(ours));
      const special = /<(pad|start|end|unk)>/;
      // Scripts and marks assigned after the Unicode version of either library are no concern here.
      const assigned = fc.sample(anyText, { seed: 7, numRuns: 300 }).filter((text) => !/\p{Cn}/u.test(text));
      for (const text of [...corpus, ...assigned]) {
        if (special.test(text)) continue;
        const ids = ours.encode(text);
        const encoding = await theirs.encode(text, null, { addSpecialTokens: false });
        expect(encoding.getIds(), JSON.stringify(text)).toEqual(ids);
        expect(await theirs.decode(ids, true), JSON.stringify(text)).toBe(ours.decode(ids));
      }
      const whole = await theirs.encode(corpus[0]);
      expect(whole.getIds(), "with <start> and <end>").toEqual([1, ...ours.encode(corpus[0]), 2]);
    },
  );
});

test("Hugging Face's trainer learns the same merges", () => {
  const ours = Tokenizer.train(corpus, { vocabularySize: 29_000, minimumFrequency: 1 }).toJSON();
  const folder = mkdtempSync(join(tmpdir(), "jumok-text-"));
  try {
    const lines = join(folder, "lines.txt");
    const saved = join(folder, "tokenizer.json");
    writeFileSync(lines, corpus.join("\n"));
    const empty = { ...ours.model, vocab: {}, merges: [], unk_token: null, byte_fallback: false };
    const theirs = Rust.fromString(JSON.stringify({ ...ours, added_tokens: [], post_processor: null, model: empty }));
    theirs.train([lines]);
    theirs.save(saved);
    const model = JSON.parse(readFileSync(saved, "utf8")).model;
    expect(ours.model.merges).toEqual(model.merges);
    expect(model.merges.length).toBeGreaterThan(200);
    const shifted = Object.entries(model.vocab as Record<string, number>).map(([piece, id]) => [piece, id + 4 + 256]);
    expect(ours.model.vocab).toMatchObject(Object.fromEntries(shifted));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
