import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { configOf, modelOf } from "../../src/formats/model-config.ts";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { runOptions } from "../../src/training/run-options.ts";
import { at, expectComplaint, jsonLines, jumok, write } from "./command.ts";

const model = at("model");

beforeAll(async () => {
  const tokenizer = Tokenizer.train(["오늘 날씨 어때"], { vocabularySize: 300, minimumFrequency: 1 });
  const size = { dModel: 16, numHeads: 2, dFeedForward: 24, numLayers: 1 };
  const config = configOf(
    { ...runOptions("notes-chatbot", size), vocabularySize: tokenizer.vocabularySize } as Parameters<
      typeof configOf
    >[0],
    tokenizer,
  );
  const made = modelOf(config);
  const weights = new FlatValues(new Layout(made.parameters()));
  initialize(weights, made.parameters(), 1);
  await saveModelFolder(model, { config, weights, tokenizer }, {});
});

describe("jumok export and import", () => {
  it("a folder for Hugging Face comes back as the same model", async () => {
    const exported = await jumok(["export", model, "--to", "huggingface", "-o", at("hf"), "--quantize", "int8"]);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    expect(exported.stdout).toMatch(/config\.json\t\d+\n/);
    expect(readdirSync(at("hf", "onnx")).sort()).toEqual([
      "decoder_model_merged.onnx",
      "decoder_model_merged_quantized.onnx",
      "encoder_model.onnx",
      "encoder_model_quantized.onnx",
    ]);
    const imported = await jumok(["import", at("hf"), "-o", at("back"), "--json"]);
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    expect(jsonLines(imported)).toMatchObject([{ config: { model_type: "jumok-transformer", d_model: 16 } }]);
    expect(readFileSync(at("back", "model.safetensors"))).toEqual(readFileSync(at("model", "model.safetensors")));
    const [ours, theirs] = await Promise.all([model, at("back")].map((dir) => jumok(["chat", dir, "오늘 날씨"])));
    expect(theirs).toEqual(ours);
    expect(ours.code).toBe(0);
  });

  it("plain ONNX files are told as JSON", async () => {
    const outcome = await jumok(["export", model, "--to", "onnx", "-o", at("onnx"), "--json"]);
    expect(outcome.code).toBe(0);
    expect(jsonLines(outcome)).toContainEqual({ path: at("onnx", "encoder.onnx"), bytes: expect.any(Number) });
    expect(readdirSync(at("onnx"))).toContain("README.md");
  });
});

describe.concurrent("jumok export and import refuse", () => {
  const refused: readonly (readonly [string, () => string[], number, RegExp])[] = [
    ["no layout", () => ["export", model, "-o", at("x")], 2, /--to/],
    ["an unknown layout", () => ["export", model, "--to", "keras", "-o", at("x")], 2, /huggingface, onnx/],
    ["no model", () => ["export", at("none"), "--to", "onnx", "-o", at("x")], 1, /none.config\.json: is not there/],
    [
      "the model's own folder",
      () => ["export", model, "--to", "onnx", "-o", model],
      1,
      /the folder of the model itself/,
    ],
    ["a folder that is not empty", () => ["export", model, "--to", "onnx", "-o", full()], 1, /is not empty/],
    ["a model that is not Marian's", () => ["import", model, "-o", at("x")], 1, /config\.json: .*model_type/],
  ];

  function full(): string {
    mkdirSync(at("full"), { recursive: true });
    write("full/notes.txt", "mine");
    return at("full");
  }

  it.each(refused)("%s", async (_, words, code, message) => {
    expectComplaint(await jumok(words()), { code, message });
    expect(existsSync(at("x"))).toBe(false);
  });
});
