import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { AutoModelForSeq2SeqLM, AutoTokenizer, Tensor as TheirTensor } from "@huggingface/transformers";
import { describe, expect, it } from "vitest";
import { Decoder } from "../../src/decoding/decoder.ts";
import { Responder } from "../../src/decoding/responder.ts";
import { huggingFaceFiles } from "../../src/formats/huggingface.ts";
import { importMarian } from "../../src/formats/import-marian-node.ts";
import type { LoadedSeq2Seq } from "../../src/formats/loaded-model.ts";
import { loadSeq2Seq, saveModelFolder } from "../../src/formats/model-folder.ts";
import { decodeSafeTensors, encodeSafeTensors } from "../../src/formats/safetensors.ts";
import { floats, type Value } from "../../src/runtime/value.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { marianLogits } from "./marian-reference.ts";
import { at, randomSeq2Seq, SENTENCES, written } from "./small-models.ts";

const engine = await testEngine();
const SOURCE = [1, 20, 260, 41, 7, 2];
const TARGET = [1, 9, 88, 120, 5];

const jsonAt = (...path: string[]) => JSON.parse(readFileSync(at(...path), "utf8"));
const tensorsAt = (...path: string[]) => decodeSafeTensors(readFileSync(at(...path)), "model.safetensors").tensors;

function changeJson(folder: string, name: string, change: (json: Record<string, unknown>) => void): void {
  const json = jsonAt(folder, name);
  change(json);
  writeFileSync(at(folder, name), JSON.stringify(json));
}

function changeTensors(folder: string, change: (tensors: Map<string, Value>) => void): void {
  const tensors = new Map(tensorsAt(folder, "model.safetensors"));
  change(tensors);
  writeFileSync(at(folder, "model.safetensors"), Buffer.concat(encodeSafeTensors(tensors)));
}

/** Our probabilities of what follows each token of TARGET, for each token of `next`. */
async function ourLogProbabilities(loaded: LoadedSeq2Seq, next: readonly number[]) {
  const decoder = await Decoder.compile(engine, loaded.model, loaded.weights);
  const result: number[] = [];
  for (const id of next) {
    const targets = [Int32Array.of(...TARGET.slice(1), id)];
    const { logProbabilities } = await decoder.force([Int32Array.from(SOURCE)], targets, { startId: TARGET[0] });
    result.push(logProbabilities.data[TARGET.length - 1]);
  }
  await decoder.release();
  return result;
}

function logSoftmax(logits: ArrayLike<number>): number[] {
  const list = Array.from(logits);
  const largest = Math.max(...list);
  const total = Math.log(list.reduce((sum, value) => sum + Math.exp(value - largest), 0)) + largest;
  return list.map((value) => value - total);
}

/** A number that half precision has, as its bits. */
function half(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return (x < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | (Math.abs(x) * 2 ** (10 - exponent) - 1024);
}

/** Writes all weights of a folder in sixteen bits, without the positions. */
function storeAs(folder: string, dtype: string, encode: (x: number) => number): void {
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensorsAt(folder, "model.safetensors")) {
    if (name.includes("embed_positions")) continue;
    const bytes = Buffer.from(Uint16Array.from(data as Float32Array, encode).buffer);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(at(folder, "model.safetensors"), Buffer.concat([length, text, ...parts]));
}

const NEXT = [2, 5, 17, 100, 250, 265];

describe("a Marian folder", () => {
  it.each([
    ["three tables", { tiedEmbeddings: "none" as const }],
    ["two tables", { tiedEmbeddings: "target" as const }],
    ["one table, swish", { tiedEmbeddings: "all" as const, activation: "silu" as const, normEpsilon: 1e-5 }],
  ])(
    "%s: our scores, transformers.js' and those computed by hand from the checkpoint are the same",
    async (name, options) => {
      const folder = await written(name.replaceAll(/\W+/g, "-"), huggingFaceFiles(randomSeq2Seq(options, 7)));
      const imported = await importMarian(at(folder));
      const ours = await ourLogProbabilities(imported, NEXT);

      const activation = jsonAt(folder, "config.json").activation_function;
      const byHand = marianLogits(
        tensorsAt(folder, "model.safetensors"),
        jsonAt(folder, "config.json"),
        activation === "relu" ? (x) => Math.max(0, x) : (x) => x / (1 + Math.exp(-x)),
        SOURCE,
        TARGET,
      );
      const expected = logSoftmax(byHand.at(-1)!);

      const model = await AutoModelForSeq2SeqLM.from_pretrained(folder, { dtype: "fp32" });
      const ids = (list: readonly number[]) => new TheirTensor("int64", list.map(BigInt), [1, list.length]);
      const { logits } = await model({
        input_ids: ids(SOURCE),
        attention_mask: ids(SOURCE.map(() => 1)),
        decoder_input_ids: ids(TARGET),
      });
      const vocabulary = imported.config.vocab_size;
      const theirs = logSoftmax((logits.data as Float32Array).subarray((TARGET.length - 1) * vocabulary));

      for (const [i, id] of NEXT.entries()) {
        expect(ours[i]).toBeCloseTo(expected[id], 3);
        expect(theirs[id]).toBeCloseTo(expected[id], 3);
      }
    },
  );

  it("comes back from an export as it was, pre-norm too", async () => {
    for (const norm of ["pre", "post"] as const) {
      const loaded = randomSeq2Seq({ norm, tiedEmbeddings: "all" });
      const imported = await importMarian(at(await written(`back-${norm}`, huggingFaceFiles(loaded))));
      expect(imported.weights.flat).toEqual(loaded.weights.flat);
      expect(imported.config).toMatchObject({ normalize_before: norm === "pre", layer_norm_eps: 1e-6 });
      await saveModelFolder(at(`saved-${norm}`), imported, {});
      const again = await loadSeq2Seq(at(`saved-${norm}`));
      const responder = await Responder.compile(engine, again);
      const before = await Responder.compile(engine, loaded);
      const texts = SENTENCES.slice(0, 10);
      const answers = async (from: Responder) => (await from.answerAll(texts)).map(({ answer }) => answer);
      expect(await answers(responder)).toEqual(await answers(before));
    }
  });

  it("as published ones are: pieces with scores, no start token, and tokens that must not be written", async () => {
    const loaded = randomSeq2Seq({ tiedEmbeddings: "all", activation: "silu", normEpsilon: 1e-5 });
    const folder = await written("published", huggingFaceFiles(loaded));
    const { vocab_size: size } = loaded.config;
    const words = ["▁오늘", "▁날씨", "▁", "오", "늘", "영화", "▁볼래", "?"];
    const pieces = ["</s>", "<unk>", ...words];
    while (pieces.length < size - 1) pieces.push(`unused${pieces.length}`);
    pieces.push("<pad>");
    const special = (id: number) => ({
      id,
      content: pieces[id],
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    });
    const metaspace = { type: "Metaspace", replacement: "▁", add_prefix_space: true, prepend_scheme: "always" };
    const tokenizer = {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [special(0), special(1), special(size - 1)],
      normalizer: { type: "NFKC" },
      pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace] },
      post_processor: {
        type: "TemplateProcessing",
        single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }],
        pair: [],
        special_tokens: { "</s>": { id: "</s>", ids: [0], tokens: ["</s>"] } },
      },
      decoder: metaspace,
      model: { type: "Unigram", unk_id: 1, vocab: pieces.map((piece, i) => [piece, -i / 10]) },
    };
    const config = {
      eos_token: "</s>",
      unk_token: "<unk>",
      pad_token: "<pad>",
      tokenizer_class: "PreTrainedTokenizerFast",
      model_max_length: 40,
    };
    writeFileSync(at(folder, "tokenizer.json"), JSON.stringify(tokenizer));
    writeFileSync(at(folder, "tokenizer_config.json"), JSON.stringify(config));
    changeJson(folder, "config.json", (json) => {
      Object.assign(json, {
        pad_token_id: size - 1,
        eos_token_id: 0,
        decoder_start_token_id: size - 1,
        bos_token_id: 0,
      });
      for (const key of ["layer_norm_eps", "normalize_before"]) delete json[key];
    });
    writeFileSync(at(folder, "generation_config.json"), JSON.stringify({ bad_words_ids: [[size - 1]] }));

    const imported = await importMarian(at(folder));
    const ours = imported.tokenizer;
    expect(ours.asSource(ours.encode("오늘 날씨?"))).toEqual([2, 3, 9, 0]);
    expect(ours).toMatchObject({ startId: size - 1, endId: 0, padId: size - 1 });
    expect(imported.config).toMatchObject({
      layer_norm_eps: 1e-5,
      activation_function: "silu",
      decoder_start_token_id: size - 1,
    });
    expect(imported.weights.of("output.bias")[size - 1]).toBeLessThan(-1e8);
    expect(ours.decode([2, 3, 9])).toBe("오늘 날씨?");
    const theirs = await AutoTokenizer.from_pretrained(folder);
    expect(theirs("오늘 날씨?").input_ids.tolist()[0].map(Number)).toEqual([2, 3, 9, 0]);
    await saveModelFolder(at("published-saved"), imported, {});
    expect((await loadSeq2Seq(at("published-saved"))).tokenizer.asSource([2])).toEqual([2, 0]);
  });

  it("half precisions are read", async () => {
    const loaded = randomSeq2Seq({ tiedEmbeddings: "all" });
    // Numbers that both types have exactly.
    const { flat } = loaded.weights;
    for (let i = 0; i < flat.length; i++) flat[i] = Math.round(flat[i] * 64) / 64 + 0;
    for (const [type, encode] of [
      ["F16", half],
      ["BF16", (x: number) => new Uint32Array(Float32Array.of(x).buffer)[0] >>> 16],
    ] as const) {
      const folder = await written(`stored-${type}`, huggingFaceFiles(loaded));
      storeAs(folder, type, encode);
      const imported = await importMarian(at(folder));
      expect(imported.weights.flat).toEqual(loaded.weights.flat);
    }
  });

  it("weights that are another model's are refused, with what is wrong", async () => {
    const damaged = async (name: string, change: (folder: string) => void) => {
      const folder = await written(`damaged-${name}`, huggingFaceFiles(randomSeq2Seq({ tiedEmbeddings: "target" })));
      change(folder);
      return importMarian(at(folder)).catch((error: Error) => error.message);
    };
    const config = (name: string, keys: object) =>
      damaged(name, (folder) => changeJson(folder, "config.json", (json) => Object.assign(json, keys)));
    expect(await config("activation", { activation_function: "gelu" })).toMatch(
      /config\.json: .*activation that this/s,
    );
    expect(await config("layers", { decoder_layers: 3 })).toMatch(/encoder_layers is 2; they must be the same/);
    expect(await config("kind", { model_type: "bart" })).toMatch(/config\.json: .*marian/s);
    expect(await config("vocabulary", { vocab_size: 10, decoder_vocab_size: 10 })).toMatch(
      /model\.safetensors: tensor .* is \[/,
    );
    const missing = (folder: string) =>
      changeTensors(folder, (tensors) => tensors.delete("model.decoder.layers.1.fc2.bias"));
    expect(await damaged("missing", missing)).toMatch(/tensor model\.decoder\.layers\.1\.fc2\.bias is missing/);
    const learned = (folder: string) =>
      changeTensors(folder, (tensors) => {
        const name = "model.encoder.embed_positions.weight";
        tensors.set(name, floats([40, 32], new Float32Array(40 * 32)));
      });
    const without = (folder: string) => rmSync(at(folder, "tokenizer.json"));
    expect(await damaged("tokenizer", without)).toMatch(/tokenizer\.json: is not there; where a model has source\.spm/);
    expect(await damaged("generation", (folder) => writeFileSync(at(folder, "generation_config.json"), "{"))).toMatch(
      /generation_config\.json: is not JSON/,
    );
    expect(await damaged("positions", learned)).toMatch(/learned positions are not supported/);
  });
});
