import { describe, expect, it } from "vitest";
import { makeBatch } from "../../src/data/batches.ts";
import { Decoder } from "../../src/decoding/decoder.ts";
import { decode } from "../../src/decoding/search.ts";
import { input } from "../../src/graph/source.ts";
import { type RecurrentAttention, RecurrentSeq2Seq } from "../../src/models/recurrent-seq2seq.ts";
import { Program } from "../../src/runtime/program.ts";
import { TrainingMemory } from "../../src/runtime/training-memory.ts";
import type { Value } from "../../src/runtime/value.ts";
import { batchFeeds, Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { stepProgram } from "../../src/training/step-program.ts";
import { TrainStep } from "../../src/training/train-step.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { Golden, relativeError } from "./golden.ts";
import { inOurOrder } from "./torch-recurrent.ts";

const PLACES: Readonly<Record<string, string>> = {
  "sourceEmbedding.weight": "source_embedding",
  "targetEmbedding.weight": "target_embedding",
  "encoder.layers.0.forward.inputWeight": "encoder.wi",
  "encoder.layers.0.forward.hiddenWeight": "encoder.wh",
  "encoder.layers.0.forward.bias": "encoder.b",
  "decoder.layers.0.inputWeight": "decoder.wi",
  "decoder.layers.0.hiddenWeight": "decoder.wh",
  "decoder.layers.0.bias": "decoder.b",
  "decoder.keyProjection.weight": "attention.W1",
  "decoder.keyProjection.bias": "attention.b1",
  "decoder.queryProjection.weight": "attention.W2",
  "decoder.queryProjection.bias": "attention.b2",
  "decoder.scoring": "attention.V",
  "decoder.combination.weight": "attention.Wc",
  "decoder.combination.bias": "attention.bc",
};

/** PyTorch's value of a parameter of ours, or its gradient. */
function torchValue(golden: Golden, path: string, kind: "param" | "grad.param"): Float32Array {
  const place = PLACES[path] ?? path;
  const { data } = golden.floats(`${kind}.${place}`);
  return /^(encoder|decoder)\.(wi|wh|b)$/.test(place) ? inOurOrder(data) : data;
}

function caseOf(attention: RecurrentAttention) {
  const golden = new Golden(`seq2seq_${attention}`);
  const { vocab, embedding, hidden, pad } = golden.settings;
  const model = new RecurrentSeq2Seq({
    vocabularySize: vocab,
    cell: "lstm",
    numLayers: 1,
    dEmbedding: embedding,
    hiddenSize: hidden,
    bidirectional: false,
    attention,
    attentionUnits: 5,
    dropout: 0,
    maxLength: 8,
  });
  const memory = new TrainingMemory(model.parameters(), 1);
  for (const path of model.parameters().keys()) {
    memory.weights.of(path).set(torchValue(golden, path, "param"));
  }
  const rows = ({ shape, data }: Value<"int32">) =>
    Array.from({ length: shape[0] }, (_, i) => data.slice(i * shape[1], (i + 1) * shape[1]).filter((id) => id !== pad));
  const targets = rows(golden.integers("in.target"));
  const examples = rows(golden.integers("in.source")).map((source, i) => ({ source, target: targets[i] }));
  return { golden, model, memory, examples, batch: makeBatch(examples, [0, 1, 2], pad) };
}

describe("golden values of PyTorch: LSTM encoder-decoders", () => {
  for (const attention of ["none", "dot", "bahdanau"] as const) {
    it(`${attention}: loss and all gradients`, async () => {
      const { golden, model, memory, examples } = caseOf(attention);
      const task = new Seq2SeqTask(model, 0);
      const step = await TrainStep.load(await testEngine(), stepProgram(task, 0), memory, 1);
      const { loss, tokens } = await step.run(task.batch(examples, [0, 1, 2]), 1);
      expect(loss / tokens).toBeCloseTo(golden.floats("out.loss").data[0], 5);
      for (const path of model.parameters().keys()) {
        const expected = torchValue(golden, path, "grad.param");
        const mean = memory.gradients.of(path).map((g) => g / tokens);
        expect(relativeError(mean, expected), path).toBeLessThanOrEqual(1e-5);
      }
      await step.release();
    });

    it(`${attention}: logits and weights, all at once and step by step`, async () => {
      const { golden, model, memory, batch, examples } = caseOf(attention);
      const source = {
        ids: input("sourceIds", "int32", ["batch", "source"]),
        lengths: input("sourceLengths", "int32", ["batch"]),
      };
      const begun = model.begin(source);
      const all = model.step(input("decoderInput", "int32", ["batch", "target"]), begun.memory, begun.carried);
      const names = model.names();
      const program = await Program.compile(
        await testEngine(),
        { logits: all.logits, ...all.attention },
        { parameters: names },
      );
      const result = await program.run({ ...batchFeeds(batch), ...Object.fromEntries(memory.weights.views) });
      const logits = golden.floats("out.logits");
      // Where a target is padding the two may differ: nobody reads it.
      const rowsOf = ({ data, shape }: { data: ArrayLike<number>; shape: readonly number[] }) => {
        const width = shape[shape.length - 1];
        const time = shape[shape.length - 2];
        return Array.from(batch.positions, (position) => {
          const row = Math.floor(position / batch.targetTime) * time + (position % batch.targetTime);
          return Array.from({ length: width }, (_, i) => data[row * width + i]);
        }).flat();
      };
      expect(relativeError(rowsOf(result.logits as Value<"float32">), rowsOf(logits))).toBeLessThanOrEqual(1e-5);
      if (attention !== "none") {
        const weights = rowsOf(result["cross.0"] as Value<"float32">);
        expect(relativeError(weights, rowsOf(golden.floats("out.weights")))).toBeLessThanOrEqual(1e-5);
      }
      await program.release();

      const decoder = await Decoder.compile(await testEngine(), model, memory.weights, { attention: true });
      const together = await decode(
        decoder,
        examples.map((example) => example.source),
        { startId: 1, endId: 2, attention: true },
      );
      for (const [i, example] of examples.entries()) {
        const [[alone]] = await decode(decoder, [example.source], { startId: 1, endId: 2, attention: true });
        expect(together[i][0].tokens).toEqual(alone.tokens);
        expect(together[i][0].score).toBeCloseTo(alone.score, 4);
        expect(alone.attention.length > 0).toBe(attention !== "none");
      }
      await decoder.release();
    });
  }
});
