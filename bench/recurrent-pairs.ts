import { RecurrentSeq2Seq } from "../src/models/recurrent-seq2seq.ts";
import { Random } from "../src/random/random.ts";
import type { Engine } from "../src/runtime/engine.ts";
import { Seq2SeqTask } from "../src/training/seq2seq-task.ts";
import { stepProgram } from "../src/training/step-program.ts";
import { trainingMemory } from "../src/training/train.ts";
import { TrainStep } from "../src/training/train-step.ts";
import { ObservedEngine } from "./observed-engine.ts";
import type { Subject } from "./recurrent-subject.ts";

/** An LSTM encoder-decoder with Bahdanau's attention. */
interface PairsShape {
  readonly vocabularySize: number;
  /** Of embeddings, states and the score; the encoder reads both ways, with half of it for each. */
  readonly width: number;
}

const PADDING = 0;

/** Loss and all gradients of an encoder-decoder on random pairs, from half of a length to the whole, padded to it. */
export async function recurrentPairs(plain: Engine, shape: PairsShape, maxLength: number): Promise<Subject> {
  const { vocabularySize, width } = shape;
  const model = new RecurrentSeq2Seq({
    vocabularySize,
    cell: "lstm",
    numLayers: 1,
    dEmbedding: width,
    hiddenSize: width,
    bidirectional: true,
    attention: "bahdanau",
    dropout: 0,
    maxLength: maxLength + 1,
  });
  const options = { labelSmoothing: 0, seed: 1 };
  const memory = trainingMemory(model, options);
  const engine = new ObservedEngine(plain);
  const task = new Seq2SeqTask(model, PADDING);
  const step = await TrainStep.load(engine, stepProgram(task, options.labelSmoothing), memory, options.seed);
  let done = 0;

  return {
    model: { cell: "lstm", attention: "bahdanau", ...shape, parameters: memory.weights.layout.count },
    engine,
    batchOf: ({ batch, length }) => {
      const random = Random.of(1, "pairs", batch, length);
      const lengths = (longest: number) =>
        Array.from({ length: batch }, (_, row) =>
          row === 0 ? longest : longest - random.integer(Math.floor(longest / 2) + 1),
        );
      const [sourceLengths, targetLengths] = [lengths(length), lengths(length)];
      const tokens = (count: number) => new Int32Array(count).map(() => 1 + random.integer(vocabularySize - 1));
      const examples = sourceLengths.map((count, row) => ({
        source: tokens(count),
        target: tokens(targetLengths[row] + 1),
      }));
      const taskBatch = task.batch(examples, [...examples.keys()]);
      return {
        tokens: taskBatch.tokens,
        task: { task: "pairs", ...shape, sourceLengths, targetLengths },
        step: () => step.run(taskBatch, ++done),
      };
    },
    release: () => step.release(),
  };
}
