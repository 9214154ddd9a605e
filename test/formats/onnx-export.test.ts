import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { Judge } from "../../src/decoding/judge.ts";
import { Responder } from "../../src/decoding/responder.ts";
import { labelsOf, truncationOf } from "../../src/formats/classifier-config.ts";
import type { ExportedFiles } from "../../src/formats/export-model.ts";
import type { LoadedSeq2Seq } from "../../src/formats/loaded-model.ts";
import { onnxFiles } from "../../src/formats/onnx-export.ts";
import { openEngine } from "../../src/runtime/node.ts";
import { integers, type Value } from "../../src/runtime/value.ts";
import { randomClassifier, randomSeq2Seq, SENTENCES } from "./small-models.ts";

const engine = await openEngine({ threads: 1 });

async function open(files: ExportedFiles, name: string) {
  const [bytes] = files.get(name) as readonly Uint8Array[];
  const model = fromBinary(ModelProtoSchema, bytes);
  const session = await engine.load(bytes);
  const outputs = model.graph!.output.map((output) => output.name);
  const inputs = new Set(model.graph!.input.map((given) => given.name));
  const run = (feeds: Record<string, Value>) =>
    session.run(Object.fromEntries(Object.entries(feeds).filter(([key]) => inputs.has(key))), outputs, {});
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
  return { run, metadata };
}

/** Sentences with padding, int64. */
function padded(rows: readonly (readonly number[])[], pad: number): Record<string, Value> {
  const time = Math.max(...rows.map(({ length }) => length));
  const shape = [rows.length, time];
  const ids = rows.flatMap((row) => Array.from({ length: time }, (_, i) => BigInt(row[i] ?? pad)));
  const mask = rows.flatMap((row) => Array.from({ length: time }, (_, i) => BigInt(i < row.length)));
  return {
    input_ids: { dtype: "int64", shape, data: BigInt64Array.from(ids) },
    attention_mask: { dtype: "int64", shape, data: BigInt64Array.from(mask) },
  };
}

/** Answers as the README says, greedily. */
async function answersOf(files: ExportedFiles, { tokenizer }: LoadedSeq2Seq, texts: readonly string[]) {
  const [encoder, decoder] = [await open(files, "encoder.onnx"), await open(files, "decoder.onnx")];
  const ids = texts.map((text) => [tokenizer.startId, ...tokenizer.encode(text), tokenizer.endId]);
  const begun = await encoder.run(padded(ids, Number(encoder.metadata.pad_token_id)));
  const memory = Object.fromEntries(Object.entries(begun).filter(([name]) => name.startsWith("memory.")));
  let carried = Object.fromEntries(Object.entries(begun).filter(([name]) => name.startsWith("carried.")));
  const written = texts.map(() => [Number(decoder.metadata.start_token_id)]);
  const end = Number(decoder.metadata.end_token_id);
  for (let step = 0; step < Number(decoder.metadata.max_length); step++) {
    const tokens = integers(
      [texts.length, 1],
      Int32Array.from(written, (row) => row.at(-1)!),
    );
    const given = await decoder.run({ ...memory, ...carried, tokens });
    const scores = given.logits.data as Float32Array;
    const vocabulary = scores.length / texts.length;
    for (const [row, ids] of written.entries()) {
      const own = scores.subarray(row * vocabulary, (row + 1) * vocabulary);
      ids.push(own.reduce((best, score, id) => (score > own[best] ? id : best), 0));
    }
    carried = Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        name.startsWith("next.") ? [[name.replace("next.", "carried."), value]] : [],
      ),
    );
  }
  return written.map(([, ...ids]) => tokenizer.decode(ids.includes(end) ? ids.slice(0, ids.indexOf(end)) : ids));
}

describe("plain ONNX files", () => {
  it.each([
    ["a Transformer", {}],
    ["a pre-norm Transformer with one table", { norm: "pre" as const, tiedEmbeddings: "all" as const }],
    ["a recurrent model", { model: "recurrent" as const }],
    ["one without attention", { model: "recurrent" as const, attention: "none" as const, cell: "gru" as const }],
  ])("of %s answer as the README says", async (_, options) => {
    const loaded = randomSeq2Seq(options);
    loaded.weights.of("output.bias")[loaded.tokenizer.endId] = 1.5;
    const texts = SENTENCES.slice(0, 20);
    const responder = await Responder.compile(engine, loaded);
    const ours = (await responder.answerAll(texts)).map(({ answer }) => answer);
    const files = onnxFiles(loaded);
    expect(await answersOf(files, loaded, texts)).toEqual(ours);
    expect(await answersOf(onnxFiles(loaded, { compression: "fp16" }), loaded, texts)).toHaveLength(20);
    expect(String(files.get("README.md"))).toContain("| in | `tokens` | int32 | `batch` × `time` |");
  });

  it.each([false, true])("of a classifier judge as it does, padding attended to: %s", async (attendPadding) => {
    const loaded = randomClassifier({ truncate: "start", attendPadding }, ["좋음", "나쁨", "보통"]);
    const { model, weights, tokenizer, config } = loaded;
    const judging = { model, weights, tokenizer, labels: labelsOf(config), truncate: truncationOf(config) };
    const ours = await (await Judge.compile(engine, judging)).judgeAll(SENTENCES);
    const files = onnxFiles(loaded);
    const { run, metadata } = await open(files, "model.onnx");
    // As the README says.
    const begin = attendPadding ? [tokenizer.padId] : [];
    const { logits } = await run(
      padded(
        SENTENCES.map((text) => [...begin, ...tokenizer.encode(text)]),
        tokenizer.padId,
      ),
    );
    const labels: string[] = JSON.parse(metadata.labels);
    const theirs = SENTENCES.map((_, row) => {
      const own = Array.from(logits.data as Float32Array).slice(row * labels.length, (row + 1) * labels.length);
      return labels[own.indexOf(Math.max(...own))];
    });
    expect(theirs).toEqual(ours.map(({ label }) => label));
    expect(metadata).toMatchObject({ truncation_side: "left", max_length: "60" });
    expect(metadata.attends_to_padding).toBe(attendPadding ? "true" : undefined);
    const readme = String(files.get("README.md"));
    expect(readme.includes(`Begin every text with ${tokenizer.padId}`)).toBe(attendPadding);
    expect([...files.keys()]).toEqual(["model.onnx", "tokenizer.json", "tokenizer_config.json", "README.md"]);
  });
});
