/**
 * Does a model answer phrasings it has never read? One phrasing of every situation is held out, a model learns from
 * the others, and its answers to those held out are counted: right is exactly one of the answers that the training part
 * has for that situation. Beside it stands a lookup of the nearest training question by character bigrams.
 *
 *     npx tsx scripts/unseen-phrasings.ts [--data FILE] [--preset small] [--seeds 1,2,3] [--group COLUMN]
 *         [--set KEY=VALUE …] [--threads N] [--json] [--verbose]
 *
 * A seed decides what is held out and everything the training draws. Options of the preset are given as `--set epochs=40
 * dropout=0.3`. The table, or with --json one JSON object, goes to stdout, progress to stderr.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { comparedText } from "../src/data/compared-text.ts";
import type { Pair } from "../src/data/pair.ts";
import { type PairFile, readPairs } from "../src/data/pairs.ts";
import { holdOutOnePerGroup } from "../src/data/split.ts";
import { Responder } from "../src/decoding/responder.ts";
import { configOf, modelOf } from "../src/formats/model-config.ts";
import type { Engine } from "../src/runtime/engine.ts";
import { openEngine } from "../src/runtime/node.ts";
import { normalForm } from "../src/text/normal-form.ts";
import { scheduleOf } from "../src/training/learning-options.ts";
import { prepare } from "../src/training/prepare.ts";
import { runOptions } from "../src/training/run-options.ts";
import { SEQ2SEQ_PRESETS, type Seq2SeqOptions } from "../src/training/seq2seq-options.ts";
import { Seq2SeqTask } from "../src/training/seq2seq-task.ts";
import { train, trainingMemory } from "../src/training/train.ts";

/** A held-out question and what was answered. */
interface Reply {
  readonly situation: string;
  readonly question: string;
  readonly answer: string;
  readonly right: boolean;
}

/** What one split gave. */
interface Result {
  readonly seed: number;
  readonly learned: number;
  readonly heldOut: number;
  /** Share of right answers. */
  readonly model: number;
  readonly lookup: number;
  /** The similarity of the two that found more right answers. */
  readonly similarity: string;
  readonly trainingLoss: number;
  readonly seconds: number;
  readonly misses: readonly Reply[];
}

const CHUNK = 32;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string", default: fileURLToPath(new URL("../data/small-talk.ko.tsv", import.meta.url)) },
      group: { type: "string", default: "situation" },
      preset: { type: "string", default: "small" },
      seeds: { type: "string", default: "1,2,3" },
      set: { type: "string", multiple: true, default: [] },
      threads: { type: "string" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  if (!(values.preset in SEQ2SEQ_PRESETS))
    throw new Error(`--preset must be one of ${Object.keys(SEQ2SEQ_PRESETS).join(", ")}`);
  const changes = changesIn([...values.set, ...positionals]);
  const options = runOptions(values.preset as keyof typeof SEQ2SEQ_PRESETS, { validFraction: 0 }, changes);
  const file = await readPairs(values.data, { group: values.group, strict: true });
  const engine = await openEngine({ threads: values.threads === undefined ? undefined : Number(values.threads) });
  const results: Result[] = [];
  for (const seed of values.seeds.split(",").map(Number)) {
    results.push(await measure(engine, file, { ...options, seed }));
  }
  if (values.json) console.log(JSON.stringify({ data: values.data, options, results }));
  else print(results, values.verbose);
}

/** KEY=VALUE changes as options; keys also as flags write them. */
function changesIn(words: readonly string[]): Partial<Seq2SeqOptions> {
  const entries = words.map((word) => {
    const [key, value] = word.split(/=(.*)/s);
    return [key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), parseValue(value ?? "")];
  });
  return Object.fromEntries(entries) as Partial<Seq2SeqOptions>;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function measure(engine: Engine, file: PairFile, options: Seq2SeqOptions): Promise<Result> {
  const { train: learned, valid: heldOut } = holdOutOnePerGroup(file.pairs, options.seed);
  const began = performance.now();
  const { answers, loss } = await learnAndAnswer(engine, { ...file, pairs: learned }, options, heldOut);
  const seconds = (performance.now() - began) / 1000;
  const judge = judgeOf(learned, options);
  const judgeAll = (answers: readonly string[]) => heldOut.map((pair, i) => judge(pair, answers[i]));
  const replies = judgeAll(answers);
  const [best, other] = Object.entries(SIMILARITIES)
    .map(([similarity, likeness]) => ({
      similarity,
      share: shareRight(judgeAll(lookUp(learned, heldOut, likeness))),
    }))
    .sort((a, b) => b.share - a.share);
  const model = shareRight(replies);
  console.error(
    `seed ${options.seed}: model ${percent(model)}, lookup ${percent(best.share)} (${best.similarity}; ` +
      `${other.similarity} ${percent(other.share)}), ${seconds.toFixed(0)} s`,
  );
  return {
    seed: options.seed,
    learned: learned.length,
    heldOut: heldOut.length,
    model,
    lookup: best.share,
    similarity: best.similarity,
    trainingLoss: loss,
    seconds,
    misses: replies.filter(({ right }) => !right),
  };
}

/** Trains on the pairs of a file and answers the questions held out. */
async function learnAndAnswer(
  engine: Engine,
  file: PairFile,
  options: Seq2SeqOptions,
  heldOut: readonly Pair[],
): Promise<{ answers: string[]; loss: number }> {
  const { tokenizer, data } = prepare(file, options);
  const model = modelOf(configOf({ ...options, vocabularySize: tokenizer.vocabularySize }, tokenizer));
  const memory = trainingMemory(model, options);
  const weightDecay = options.optimizer === "adamw" ? options.weightDecay : 0;
  let loss = Number.NaN;
  for await (const event of train(
    new Seq2SeqTask(model, tokenizer.padId),
    data,
    { ...options, engine, weightDecay, schedule: scheduleOf(options, options.dModel) },
    memory,
  )) {
    if (event.type !== "epoch") continue;
    loss = event.loss;
    if (process.stderr.isTTY) {
      const progress = `seed ${options.seed}: epoch ${event.epoch}/${options.epochs}, loss ${loss.toFixed(3)}`;
      process.stderr.write(`\r${progress}${event.epoch === options.epochs ? "\n" : ""}`);
    }
  }
  const responder = await Responder.compile(engine, { model, weights: memory.weights, tokenizer });
  const answers: string[] = [];
  for (let start = 0; start < heldOut.length; start += CHUNK) {
    const chunk = heldOut.slice(start, start + CHUNK);
    answers.push(...(await responder.answerAll(chunk.map(({ source }) => source))).map(({ answer }) => answer));
  }
  await responder.release();
  return { answers, loss };
}

/** Says whether an answer is one of those that the pairs learned from have for the question's situation. */
function judgeOf(learned: readonly Pair[], rules: Seq2SeqOptions): (asked: Pair, answer: string) => Reply {
  const written = (text: string) => normalForm(text, rules);
  const accepted = new Set(learned.map(({ group, target }) => JSON.stringify([group, written(target)])));
  return ({ group, source }, answer) => ({
    situation: group ?? "",
    question: source,
    answer,
    right: accepted.has(JSON.stringify([group, written(answer)])),
  });
}

type Bigrams = ReadonlyMap<string, number>;

/** How alike two multisets of bigrams are, 0 … 1. */
const SIMILARITIES: Readonly<Record<string, (a: Bigrams, b: Bigrams) => number>> = {
  dice: (a, b) => (2 * overlap(a, b, Math.min)) / Math.max(1, total(a) + total(b)),
  cosine: (a, b) => overlap(a, b, (x, y) => x * y) / Math.max(1e-9, length(a) * length(b)),
};

/** For each question the answer of the most similar question learned; of equals, the first. */
function lookUp(
  learned: readonly Pair[],
  questions: readonly Pair[],
  similarity: (a: Bigrams, b: Bigrams) => number,
): string[] {
  const known = learned.map(({ source, target }) => ({ bigrams: bigramsOf(source), target }));
  return questions.map(({ source }) => {
    const asked = bigramsOf(source);
    let nearest = { likeness: -1, target: "" };
    for (const { bigrams, target } of known) {
      const likeness = similarity(asked, bigrams);
      if (likeness > nearest.likeness) nearest = { likeness, target };
    }
    return nearest.target;
  });
}

/** Pairs of neighbouring characters, without letter case, blanks and punctuation. Marking the edges finds less. */
function bigramsOf(text: string): Bigrams {
  const characters = [...comparedText(text)];
  const counts = new Map<string, number>();
  for (let i = 1; i < characters.length; i++) {
    const bigram = characters[i - 1] + characters[i];
    counts.set(bigram, (counts.get(bigram) ?? 0) + 1);
  }
  return counts;
}

function overlap(a: Bigrams, b: Bigrams, combine: (x: number, y: number) => number): number {
  let sum = 0;
  for (const [bigram, count] of a) sum += combine(count, b.get(bigram) ?? 0);
  return sum;
}

function total(a: Bigrams): number {
  return [...a.values()].reduce((x, y) => x + y, 0);
}

function length(a: Bigrams): number {
  return Math.hypot(...a.values());
}

function shareRight(replies: readonly Reply[]): number {
  return replies.filter(({ right }) => right).length / Math.max(1, replies.length);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function print(results: readonly Result[], verbose: boolean): void {
  const mean = (of: (result: Result) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const row = (...cells: (string | number)[]) => console.log(cells.map((cell) => String(cell).padStart(9)).join(" "));
  row("seed", "learned", "held out", "model", "lookup", "by", "loss", "seconds");
  for (const { seed, learned, heldOut, model, lookup, similarity, trainingLoss, seconds } of results) {
    row(
      seed,
      learned,
      heldOut,
      percent(model),
      percent(lookup),
      similarity,
      trainingLoss.toFixed(3),
      seconds.toFixed(0),
    );
  }
  const shares = [mean(({ model }) => model), mean(({ lookup }) => lookup)].map(percent);
  row("mean", "", "", ...shares, "", mean(({ trainingLoss }) => trainingLoss).toFixed(3), "");
  if (!verbose) return;
  for (const { seed, misses } of results) {
    console.log(`\nseed ${seed}: ${misses.length} not right`);
    for (const { situation, question, answer } of misses) console.log(`  [${situation}] ${question} → ${answer}`);
  }
}

await main();
