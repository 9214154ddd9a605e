import type { Example } from "../../src/data/batches.ts";
import { Decoder } from "../../src/decoding/decoder.ts";
import { RecurrentSeq2Seq } from "../../src/models/recurrent-seq2seq.ts";
import { sourceInputs } from "../../src/models/seq2seq.ts";
import { Random } from "../../src/random/random.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import type { FlatValues } from "../../src/runtime/parameters.ts";
import { Program } from "../../src/runtime/program.ts";
import { integers } from "../../src/runtime/value.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { type Learnt, learn } from "./learn.ts";

const [PAD, START, END, FIRST] = [0, 1, 2, 3];
const WORDS = 12;
const CELLS = 64;
const [SHORTEST, LONGEST] = [4, 40];
const MEASURED = 120;

/** A row of random words to be written down again. */
function sentence(random: Random, length: number): Example {
  const ids = Int32Array.from({ length }, () => FIRST + random.integer(WORDS));
  return { source: Int32Array.of(START, ...ids, END), target: Int32Array.of(START, ...ids, END) };
}

function sentences(seed: number, count: number): Example[] {
  const random = Random.of(seed, "recall");
  // Short ones are commoner: a model that cannot yet keep four words learns nothing from forty.
  return Array.from({ length: count }, () =>
    sentence(random, SHORTEST + Math.floor((LONGEST - SHORTEST + 1) * random.uniform() ** 2)),
  );
}

function model(attention: "none" | "dot"): RecurrentSeq2Seq {
  return new RecurrentSeq2Seq({
    vocabularySize: FIRST + WORDS,
    cell: "gru",
    numLayers: 1,
    dEmbedding: 32,
    hiddenSize: CELLS,
    bidirectional: false,
    attention,
    dropout: 0,
    maxLength: LONGEST + 2,
  });
}

/** Percent of sentences of each length whose word is written right at each place, told the right words before it. */
async function recallOf(decoder: Decoder, seed: number): Promise<number[][]> {
  const random = Random.of(seed, "recall, measured");
  const recall: number[][] = [];
  for (let length = SHORTEST; length <= LONGEST; length++) {
    const asked = Array.from({ length: MEASURED }, () => sentence(random, length));
    const stepping = await decoder.begin(asked.map(({ source }) => source));
    const right = new Array<number>(length).fill(0);
    for (let place = 0; place < length; place++) {
      const scores = await stepping.step(
        { parents: asked.map((_, i) => i), tokens: asked.map(({ target }) => target[place]) },
        { top: 1 },
      );
      scores.forEach(({ tokens }, i) => {
        if (tokens![0] === asked[i].target[place + 1]) right[place]++;
      });
    }
    recall.push(right.map((count) => Math.round((100 * count) / MEASURED)));
  }
  return recall;
}

/** Rows one after another, a signed byte a number, in base64. */
function packed(rows: readonly (readonly number[])[]): string {
  return Buffer.from(Int8Array.from(rows.flat()).buffer).toString("base64");
}

/** The vector that the encoder hands over after each length of one long sentence, in whole percent of its range ±1. */
async function handedOver(engine: Engine, weights: FlatValues, seed: number) {
  const plain = model("none");
  const program = await Program.compile(
    engine,
    { hidden: plain.begin(sourceInputs()).carried["hidden.0"] },
    { parameters: plain.names(), values: (name) => weights.of(name) },
  );
  const { source } = sentence(Random.of(seed, "recall, shown"), LONGEST);
  const vectors: number[][] = [];
  for (let length = SHORTEST; length <= LONGEST; length++) {
    const ids = Int32Array.of(...source.subarray(0, length + 1), END);
    const { hidden } = await program.run({
      sourceIds: integers([1, ids.length], ids),
      sourceLengths: integers([1], Int32Array.of(ids.length)),
    });
    vectors.push(Array.from(hidden.data as Float32Array, (value) => Math.round(100 * value)));
  }
  await program.release();
  return { words: Array.from(source.subarray(1, -1), (id) => id - FIRST), vectors: packed(vectors) };
}

/** How well words are remembered through one vector, and with attention, by length of the sentence and place of the word. */
export async function recallNumbers(engine: Engine, seed: number) {
  const measured: Record<string, { learnt: Learnt; recall: number[][] }> = {};
  for (const attention of ["none", "dot"] as const) {
    const student = model(attention);
    const learnt = await learn(engine, {
      task: new Seq2SeqTask(student, PAD),
      examples: sentences(seed, 8000),
      epochs: attention === "none" ? 9 : 3,
      batchSize: 100,
      peak: 8e-3,
      seed,
    });
    const decoder = await Decoder.compile(engine, student, learnt.weights);
    measured[attention] = { learnt, recall: await recallOf(decoder, seed) };
    await decoder.release();
  }
  const { none, dot } = measured;
  return {
    cells: CELLS,
    vocabulary: WORDS,
    measured: MEASURED,
    shortest: SHORTEST,
    steps: [none.learnt.steps, dot.learnt.steps],
    ...(await handedOver(engine, none.learnt.weights, seed)),
    bottleneck: packed(none.recall),
    attention: packed(dot.recall),
  };
}
