import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { AutoModelForSeq2SeqLM, AutoTokenizer, pipeline, type Tensor as TheirTensor } from "@huggingface/transformers";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { readPairs } from "../../src/data/pairs.ts";
import { Judge } from "../../src/decoding/judge.ts";
import { Responder } from "../../src/decoding/responder.ts";
import { labelsOf, truncationOf } from "../../src/formats/classifier-config.ts";
import type { ExportedFiles } from "../../src/formats/export-model.ts";
import { huggingFaceFiles } from "../../src/formats/huggingface.ts";
import type { LoadedSeq2Seq } from "../../src/formats/loaded-model.ts";
import { loadSeq2Seq } from "../../src/formats/model-folder.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { floats, type Value } from "../../src/runtime/value.ts";
import { trainFolder } from "../../src/training/run.ts";
import { runOptions } from "../../src/training/run-options.ts";
import { relativeError } from "../golden/golden.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { at, randomClassifier, randomSeq2Seq, SENTENCES, written } from "./small-models.ts";

const engine = await testEngine();

/** What transformers.js answers: token ids after the start, up to the end, and the text. */
async function theirAnswers(name: string, texts: readonly string[], dtype: "fp32" | "q8" | "fp16" = "fp32") {
  const theirs = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModelForSeq2SeqLM.from_pretrained(name, { dtype });
  const sequences = (await model.generate(theirs([...texts], { padding: true }))) as TheirTensor;
  const end = model.generation_config!.eos_token_id as number;
  const ids = (sequences.tolist() as bigint[][]).map((row) => {
    const [, ...rest] = row.map(Number);
    const length = rest.indexOf(end);
    return length < 0 ? rest : rest.slice(0, length);
  });
  const answers = theirs.batch_decode(sequences, { skip_special_tokens: true });
  return { ids, answers, model, tokenizer: theirs };
}

/** What we answer, as token ids and text. */
async function ourAnswers(loaded: LoadedSeq2Seq, texts: readonly string[]) {
  const responder = await Responder.compile(engine, loaded, { attention: true });
  const answers = await responder.answerAll(texts);
  await responder.release();
  return answers;
}

const MODELS: readonly (readonly [string, Parameters<typeof randomSeq2Seq>[0]])[] = [
  ["post-norm with three tables", { tiedEmbeddings: "none" }],
  ["post-norm with two", { tiedEmbeddings: "target" }],
  ["pre-norm with one", { norm: "pre", tiedEmbeddings: "all" }],
  ["silu inside", { activation: "silu", normEpsilon: 1e-5 }],
  ["lstm-bahdanau", { model: "recurrent" }],
  ["gru-dot one way", { model: "recurrent", cell: "gru", attention: "dot", bidirectional: false }],
  ["rnn-general", { model: "recurrent", cell: "rnn", attention: "general" }],
  ["lstm without attention", { model: "recurrent", attention: "none" }],
];

describe("an export for Hugging Face is run by transformers.js unchanged", () => {
  it.each(MODELS)("%s: the same tokens in batches and alone, cut-off answers too", async (name, options) => {
    // With this seed each of the models writes several different answers.
    const loaded = randomSeq2Seq(options, 4);
    // Some answers end early, some never.
    loaded.weights.of("output.bias")[loaded.tokenizer.endId] = 1.5;
    const ours = await ourAnswers(loaded, SENTENCES);
    const folder = await written(name.replaceAll(" ", "-"), huggingFaceFiles(loaded));
    const theirs = await theirAnswers(folder, SENTENCES);
    expect(theirs.answers).toEqual(ours.map(({ answer }) => answer));
    expect(theirs.ids.map((ids) => loaded.tokenizer.pieces(ids))).toEqual(ours.map(({ tokens }) => tokens));
    expect(new Set(ours.map(({ answer }) => answer)).size).toBeGreaterThan(3);

    // The pipeline would let a model write 256 tokens.
    const pipe = await pipeline("text2text-generation", folder, { dtype: "fp32" });
    const alone = await pipe(SENTENCES[0]);
    if (options?.model !== "recurrent" || ours[0].finished) expect(alone).toEqual([{ generated_text: ours[0].answer }]);
  });

  it("a Transformer ends after as many tokens as it can write, whatever the client allows", async () => {
    const loaded = randomSeq2Seq();
    loaded.weights.of("output.bias")[loaded.tokenizer.endId] = -100;
    const [ours] = await ourAnswers(loaded, ["오늘 날씨"]);
    expect(ours.finished).toBe(false);
    const folder = await written("endless", huggingFaceFiles(loaded));
    const pipe = await pipeline("text2text-generation", folder, { dtype: "fp32" });
    expect(await pipe("오늘 날씨", { max_new_tokens: 100 })).toEqual([{ generated_text: ours.answer }]);
  });

  it.each([
    ["a Transformer", {}, ["cross", "decoder"]],
    ["a recurrent model", { model: "recurrent" as const }, ["cross"]],
  ])("%s: output_attentions are our maps", async (name, options, kinds) => {
    const loaded = randomSeq2Seq(options);
    const folder = await written(`attention of ${name}`.replaceAll(" ", "-"), huggingFaceFiles(loaded));
    const text = "영화 볼래 같이 가자?";
    const [{ attention: steps }] = await ourAnswers(loaded, [text]);
    const { model, tokenizer: theirs } = await theirAnswers(folder, [text]);
    const options_ = { return_dict_in_generate: true, output_attentions: true };
    const given = (await model.generate({ ...theirs(text), ...options_ })) as unknown as Record<
      string,
      TheirTensor[][]
    >;
    for (const kind of kinds) {
      const maps = given[`${kind}_attentions`];
      expect(maps).toHaveLength(steps.length);
      for (const [step, layers] of maps.entries()) {
        for (const [layer, { data }] of layers.entries()) {
          const ours = Array.from(steps[step][`${kind}.${layer}`].weights);
          expect(ours).toHaveLength(data.length);
          for (const [i, weight] of ours.entries()) expect(Math.abs(weight - Number(data[i]))).toBeLessThan(1e-5);
        }
      }
    }
  });

  it("answers of a trained chatbot are the same on 200 inputs", async () => {
    const all = readFileSync(join(import.meta.dirname, "../../data/small-talk.ko.tsv"), "utf8").split("\n");
    const data = at("pairs.tsv");
    writeFileSync(data, `${all.slice(0, 301).join("\n")}\n`);
    const size = { dModel: 48, numHeads: 4, dFeedForward: 96, vocabularySize: 700, maxLength: 40 };
    const learning = { epochs: 15, batchSize: 32, warmupSteps: 20, learningRate: 4e-3, dropout: 0, sourceNoise: 0 };
    const options = runOptions("small", { ...size, ...learning, validFraction: 0 });
    for await (const _ of trainFolder({ data, out: at("chatbot"), options, engine }));
    const loaded = await loadSeq2Seq(at("chatbot"));
    const { pairs } = await readPairs(data);
    const texts = [...new Set(pairs.map(({ source }) => source))].slice(0, 200);
    expect(texts).toHaveLength(200);
    const ours = (await ourAnswers(loaded, texts)).map(({ answer }) => answer);
    const folder = await written("exported-chatbot", huggingFaceFiles(loaded));
    const theirs = await theirAnswers(folder, texts);
    expect(theirs.answers).toEqual(ours);
    expect(new Set(ours).size).toBeGreaterThan(5);
  }, 240_000);
});

/** Runs an exported model for one sentence with the caches fed back, and gives the scores of each step. */
async function scores(files: ExportedFiles, suffix: string, device: "cpu" | "wasm") {
  const runtime = await openEngine({ device, threads: 1 });
  const open = async (name: string) => {
    const [bytes] = files.get(`onnx/${name}${suffix}.onnx`) as readonly Uint8Array[];
    const { graph } = fromBinary(ModelProtoSchema, bytes);
    const session = await runtime.load(bytes);
    const outputs = graph!.output.map(({ name: output }) => output);
    return { run: (feeds: Record<string, Value>) => session.run(feeds, outputs, {}), inputs: graph!.input };
  };
  const wide = (ids: readonly number[]): Value => ({
    dtype: "int64",
    shape: [1, ids.length],
    data: BigInt64Array.from(ids, BigInt),
  });
  const [encoder, decoder] = [await open("encoder_model"), await open("decoder_model_merged")];
  const source = [1, 9, 30, 7, 2];
  const mask = wide(source.map(() => 1));
  const read = await encoder.run({ input_ids: wide(source), attention_mask: mask });
  const known = { encoder_hidden_states: read.last_hidden_state, encoder_attention_mask: mask };
  let past: Record<string, Value> = Object.fromEntries(
    decoder.inputs.flatMap(({ name }) =>
      name.startsWith("past_key_values.") ? [[name, floats([1, 4, 0, 8], new Float32Array(0))]] : [],
    ),
  );
  const steps: number[] = [];
  for (const token of [1, 12, 40]) {
    const given = await decoder.run({ ...known, ...past, input_ids: wide([token]) });
    steps.push(...(given.logits.data as Float32Array));
    past = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        name.startsWith("present.") ? [[name.replace("present", "past_key_values"), value]] : [],
      ),
    );
  }
  return steps;
}

it("the same files run in WebAssembly, those of eight bits too", async () => {
  const files = huggingFaceFiles(randomSeq2Seq(), { compression: "int8" });
  const exact = await scores(files, "", "cpu");
  expect(relativeError(await scores(files, "", "wasm"), exact)).toBeLessThan(1e-5);
  const eightBit = await scores(files, "_quantized", "cpu");
  expect(relativeError(eightBit, exact)).toBeLessThan(0.1);
  expect(relativeError(await scores(files, "_quantized", "wasm"), eightBit)).toBeLessThan(0.02);
});

describe("a classifier exported for Hugging Face", () => {
  it.each([
    ["recurrent", { model: "recurrent" }, ["좋음", "나쁨", "보통"]],
    ["two classes, last state", { model: "recurrent", attention: "none", cell: "gru" }, ["아니요", "예"]],
    ["lstm that attends to padding", { attendPadding: true }, ["a", "b", "c"]],
    ["transformer", { model: "transformer", norm: "pre" }, ["a", "b", "c"]],
    ["bag", { model: "bag", attention: "none" }, ["a", "b"]],
  ] as const)("%s: the same classes and probabilities", async (name, options, labels) => {
    const loaded = randomClassifier(options, labels);
    const { model, weights, tokenizer, config } = loaded;
    const judging = { model, weights, tokenizer, labels: labelsOf(config), truncate: truncationOf(config) };
    const judge = await Judge.compile(engine, judging);
    const ours = await judge.judgeAll(SENTENCES);
    const folder = await written(`classifier ${name}`.replaceAll(/\W+/g, "-"), huggingFaceFiles(loaded));
    const pipe = await pipeline("text-classification", folder, { dtype: "fp32" });
    const theirs = (await pipe([...SENTENCES])) as { label: string; score: number }[];
    expect(theirs.map(({ label }) => label)).toEqual(ours.map(({ label }) => label));
    for (const [i, { score }] of theirs.entries()) expect(score).toBeCloseTo(ours[i].probability, 5);
  });
});

describe("the README of an export", () => {
  const readme = (options: Parameters<typeof randomSeq2Seq>[0]) =>
    String(huggingFaceFiles(randomSeq2Seq(options)).get("README.md"));

  it("tells inputs and outputs", () => {
    expect(readme({})).toContain(
      "| in | `past_key_values.0.decoder.key` | float32 | `batch_size` × `4` × `past_decoder_sequence_length` × `8` |",
    );
    expect(readme({})).toContain("| out | `cross_attentions.1` | float32 |");
  });

  it("tells what Marian's layout cannot say", () => {
    expect(readme({})).not.toContain("Pegasus");
    expect(readme({ norm: "pre", tiedEmbeddings: "all" })).toContain("PegasusForConditionalGeneration");
    expect(readme({ norm: "pre" })).toContain("No layout of Hugging Face");
    expect(readme({ model: "recurrent" })).toContain("There is no `model.safetensors`");
  });
});

it("the files have Hugging Face's names", () => {
  expect([...huggingFaceFiles(randomSeq2Seq({}), { compression: "fp16" }).keys()].sort()).toEqual([
    "README.md",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "onnx/decoder_model_merged.onnx",
    "onnx/decoder_model_merged_fp16.onnx",
    "onnx/encoder_model.onnx",
    "onnx/encoder_model_fp16.onnx",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
});
