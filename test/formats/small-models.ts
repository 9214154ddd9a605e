import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "@huggingface/transformers";
import { afterAll } from "vitest";
import { type ClassifierOptions, classifierConfigOf, classifierOf } from "../../src/formats/classifier-config.ts";
import { writeExport } from "../../src/formats/export-folder-node.ts";
import type { ExportedFiles } from "../../src/formats/export-model.ts";
import type { LoadedClassifier, LoadedSeq2Seq } from "../../src/formats/loaded-model.ts";
import { configOf, type ModelOptions, modelOf } from "../../src/formats/model-config.ts";
import type { Module } from "../../src/nn/module.ts";
import { Random } from "../../src/random/random.ts";
import { FlatValues, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The path of something in the folder of this test file, which is removed when its tests are over. */
export function at(...names: string[]): string {
  return join(folder, ...names);
}

// transformers.js looks for models here and nowhere else.
env.allowRemoteModels = false;
env.localModelPath = `${folder}/`;

const WORDS = ["오늘", "날씨", "어때요", "영화", "볼래", "커피", "마실까", "좋아요", "그래", "같이", "가자", "내일"];

const tokenizer = Tokenizer.train([WORDS.join(" "), "?!.,"], { vocabularySize: 360, minimumFrequency: 1 });

/** Sentences of one to seven known words. */
export const SENTENCES: readonly string[] = (() => {
  const random = Random.of(5, "sentences");
  return Array.from({ length: 40 }, () => {
    const words = Array.from({ length: 1 + random.integer(7) }, () => WORDS[random.integer(WORDS.length)]);
    return `${words.join(" ")}${"?!.,"[random.integer(4)]}`;
  });
})();

/** Weights large enough that answers differ, biases and norms too. */
function randomWeights(model: Module, seed: number): FlatValues {
  const weights = new FlatValues(new Layout(model.parameters()));
  for (const [name, { data, shape }] of weights.views) {
    const random = Random.of(seed, name);
    const [base, width] = name.endsWith("norm.weight")
      ? [1, 0.3]
      : [0, shape.length === 1 ? 0.3 : 2 / Math.sqrt(shape[1])];
    for (let i = 0; i < data.length; i++) data[i] = base + width * (2 * random.uniform() - 1);
  }
  return weights;
}

/** A model that writes with random weights. */
export function randomSeq2Seq(options: Partial<ModelOptions> = {}, seed = 1): LoadedSeq2Seq {
  const config = configOf(
    {
      model: "transformer",
      vocabularySize: tokenizer.vocabularySize,
      numLayers: 2,
      dModel: 32,
      numHeads: 4,
      dFeedForward: 48,
      dropout: 0.1,
      maxLength: 40,
      cell: "lstm",
      attention: "bahdanau",
      bidirectional: true,
      ...options,
    },
    tokenizer,
  );
  const model = modelOf(config);
  const weights = randomWeights(model, seed);
  // States of a recurrent network are small.
  if (options.model === "recurrent") {
    const output = weights.of("output.weight");
    for (let i = 0; i < output.length; i++) output[i] *= 12;
  }
  return { kind: "seq2seq", config, model, weights, tokenizer };
}

/** A classifier with random weights. */
export function randomClassifier(options: Partial<ClassifierOptions>, labels: readonly string[]): LoadedClassifier {
  const config = classifierConfigOf(
    {
      model: "recurrent",
      numLayers: 2,
      dModel: 24,
      numHeads: 4,
      dFeedForward: 40,
      norm: "post",
      cell: "lstm",
      hiddenSize: 16,
      attention: "bahdanau",
      attendPadding: false,
      attentionUnits: 12,
      denseUnits: 20,
      dropout: 0.1,
      denseDropout: 0.1,
      maxLength: 60,
      truncate: "end",
      ...options,
    } as ClassifierOptions,
    tokenizer,
    labels,
  );
  const model = classifierOf(config);
  return { kind: "classifier", config, model, weights: randomWeights(model, 2), tokenizer };
}

/** Writes an export under a name by which transformers.js finds it. */
export async function written(name: string, files: ExportedFiles): Promise<string> {
  await writeExport(at(name), files);
  return name;
}
