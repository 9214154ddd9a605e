import type { Example } from "../../src/data/batches.ts";
import { Decoder } from "../../src/decoding/decoder.ts";
import { RecurrentSeq2Seq } from "../../src/models/recurrent-seq2seq.ts";
import { Random } from "../../src/random/random.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import { Seq2SeqTask } from "../../src/training/seq2seq-task.ts";
import { learn } from "./learn.ts";

const [PAD, START, END, FIRST] = [0, 1, 2, 3];
const DAYS = 7;
const [FEWEST, MOST] = [6, 12];

/** The days of a week in turn: the source tells the first and how many. */
function days(first: number, count: number): Example {
  const ids = Array.from({ length: count }, (_, i) => FIRST + ((first + i) % DAYS));
  return { source: Int32Array.of(START, ids[0], FIRST + DAYS + count, END), target: Int32Array.of(START, ...ids, END) };
}

/**
 * A model that has learnt to say the days in turn, made to say a wrong one at each step in turn: what it says at the
 * other steps when it is handed the right days, and when it is handed its own.
 */
export async function slipNumbers(engine: Engine, seed: number) {
  const model = new RecurrentSeq2Seq({
    vocabularySize: FIRST + DAYS + MOST + 1,
    cell: "gru",
    numLayers: 1,
    dEmbedding: 16,
    hiddenSize: 32,
    bidirectional: false,
    attention: "none",
    dropout: 0,
    maxLength: MOST + 2,
  });
  const random = Random.of(seed, "days");
  const examples = Array.from({ length: 3000 }, () =>
    days(random.integer(DAYS), FEWEST + random.integer(MOST - FEWEST + 1)),
  );
  const learnt = await learn(engine, {
    task: new Seq2SeqTask(model, PAD),
    examples,
    epochs: 8,
    batchSize: 100,
    peak: 1e-2,
    seed,
  });
  const decoder = await Decoder.compile(engine, model, learnt.weights);
  const { source, target } = days(0, 10);
  const right = [...target.subarray(1, -1)];
  const free: number[][] = [];
  const taught: number[][] = [];
  for (let slip = 0; slip < right.length; slip++) {
    // Two days too far on: a day that the model knows well, at the wrong place.
    const wrong = FIRST + ((right[slip] - FIRST + 2) % DAYS);
    free.push(await said(decoder, source, right, { slip, wrong, handed: "its own" }));
    taught.push(await said(decoder, source, right, { slip, wrong, handed: "the right" }));
  }
  await decoder.release();
  const asDays = (rows: readonly number[][]) => rows.map((row) => row.map((id) => id - FIRST));
  const [rightDays] = asDays([right]);
  return { steps: learnt.steps, days: rightDays, taught: asDays(taught), free: asDays(free) };
}

/** What the model says at each step: at the slip the wrong word; `FIRST + anything above` is no day. */
async function said(
  decoder: Decoder,
  source: Int32Array,
  right: readonly number[],
  { slip, wrong, handed }: { slip: number; wrong: number; handed: "its own" | "the right" },
): Promise<number[]> {
  const stepping = await decoder.begin([source]);
  const words: number[] = [];
  for (let step = 0; step < right.length; step++) {
    const before = handed === "its own" ? words[step - 1] : right[step - 1];
    const [{ tokens }] = await stepping.step({ parents: [0], tokens: [before ?? START] }, { top: 1 });
    words.push(step === slip ? wrong : tokens![0]);
  }
  return words;
}
