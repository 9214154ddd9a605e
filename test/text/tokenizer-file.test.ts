import { describe, expect, test } from "vitest";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { corpus } from "./corpus.ts";

const tokenizer = Tokenizer.train(corpus, { vocabularySize: 400 });
const json = JSON.parse(JSON.stringify(tokenizer));
const config = tokenizer.config(64);

function changed(change: (copy: typeof json) => void): unknown {
  const copy = structuredClone(json);
  change(copy);
  return copy;
}

test("the config is what transformers' fast tokenizer reads", () => {
  expect(config).toEqual({
    tokenizer_class: "PreTrainedTokenizerFast",
    pad_token: "<pad>",
    bos_token: "<start>",
    eos_token: "<end>",
    unk_token: "<unk>",
    model_max_length: 64,
    clean_up_tokenization_spaces: false,
  });
});

describe("a broken file is refused by the name of its key", () => {
  test.each([
    ["not an object", null, /^tokenizer\.json: .*object/],
    ["no model", changed((file) => delete file.model), /^tokenizer\.json: model/],
    ["another model", changed((file) => (file.model.type = "WordLevel")), /^tokenizer\.json: model\.type/],
    ["no vocabulary", changed((file) => delete file.model.vocab), /^tokenizer\.json: model\.vocab/],
    ["an id that is a string", changed((file) => (file.model.vocab.a = "9")), /^tokenizer\.json: model\.vocab\.a/],
    ["an id that is missing", changed((file) => (file.model.vocab["▁"] = 9999)), /model\.vocab: no piece has id \d+/],
    ["no merges", changed((file) => delete file.model.merges), /^tokenizer\.json: model\.merges/],
    ["no decoder", changed((file) => delete file.decoder), /^tokenizer\.json: decoder/],
    ["no added tokens", changed((file) => delete file.added_tokens), /^tokenizer\.json: added_tokens/],
    [
      "a special token with two ids",
      changed((file) => (file.added_tokens[2].id = 7)),
      /^tokenizer\.json: added_tokens: <end> is 7, but 2 in model\.vocab/,
    ],
    [
      "an added token that is not special",
      changed((file) => (file.added_tokens[2].special = false)),
      /^tokenizer\.json: added_tokens\.2\.special/,
    ],
    [
      "a normalizer nobody knows",
      changed((file) => (file.normalizer = { type: "Shout" })),
      /^tokenizer\.json: Unknown Normalizer type: Shout/,
    ],
  ])("%s", (_, file, message) => expect(() => Tokenizer.fromJSON(file, config)).toThrow(message));

  test("tokenizer_config.json", () => {
    const { pad_token, ...rest } = config;
    expect(pad_token).toBe("<pad>");
    expect(() => Tokenizer.fromJSON(json, rest)).toThrow(/^tokenizer_config\.json: pad_token/);
    expect(() => Tokenizer.fromJSON(json, { ...config, eos_token: "</s>" })).toThrow(
      'tokenizer_config.json: eos_token is "</s>", which is not in added_tokens',
    );
  });
});

test("a file of another tool: other special tokens, written as objects, outside the vocabulary", () => {
  const other = {
    ...json,
    added_tokens: [
      ["[PAD]", 5, true],
      ["[BOS]", 6, true],
      ["[EOS]", 4, true],
      ["[UNK]", 0, true],
    ].map(([content, id, special]) => ({ content, id, special })),
    pre_tokenizer: { type: "WhitespaceSplit" },
    normalizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      vocab: { "[UNK]": 0, 영화: 1, 볼: 2, "##래": 3, "[EOS]": 4 },
    },
  };
  const names = { pad_token: "[PAD]", bos_token: { content: "[BOS]" }, eos_token: "[EOS]", unk_token: "[UNK]" };
  const opened = Tokenizer.fromJSON(other, names);
  expect([opened.vocabularySize, opened.padId, opened.startId, opened.endId, opened.unknownId]).toEqual([
    7, 5, 6, 4, 0,
  ]);
  expect(opened.encode("영화 볼래 하하")).toEqual([1, 2, 3, 0]);
  expect(opened.encode("[EOS]"), "a word that spells a special token").toEqual([0]);
  expect(opened.decode([6, 1, 2, 3, 4])).toBe("영화 볼 ##래");
  expect(opened.config(9)).toMatchObject({ pad_token: "[PAD]", bos_token: "[BOS]" });
});
