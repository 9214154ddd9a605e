import { configOf, modelOf } from "../../src/formats/model-config.ts";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { runOptions } from "../../src/training/run-options.ts";

/** Writes the folder of a Transformer that learnt nothing but has something to say, also single bytes. */
export async function saveRandomModel(folder: string, notes: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const tokenizer = Tokenizer.train(["영화 볼래 커피 마실까 오늘 좋아요 같이 가자"], {
    vocabularySize: 300,
    minimumFrequency: 1,
  });
  const small = runOptions("small", { numLayers: 1, dModel: 16, numHeads: 2, dFeedForward: 16, maxLength: 12 });
  const config = configOf({ ...small, vocabularySize: tokenizer.vocabularySize }, tokenizer);
  const parameters = modelOf(config).parameters();
  const weights = new FlatValues(new Layout(parameters));
  initialize(weights, parameters, 3);
  for (const [name, { data }] of weights.views) {
    if (!name.includes("norm")) for (let i = 0; i < data.length; i++) (data as Float32Array)[i] *= 4;
  }
  await saveModelFolder(folder, { config, weights, tokenizer }, notes);
}
