import { parseArgs } from "node:util";
import { readPairs } from "../src/data/pairs.ts";
import { Responder } from "../src/decoding/responder.ts";
import { loadSeq2Seq } from "../src/formats/model-folder.ts";
import { Random } from "../src/random/random.ts";
import { openEngine } from "../src/runtime/node.ts";
import { type Benchmark, progress, quantile, spreadOf } from "./benchmark.ts";

const WARMUP = 20;

/** One answer at a time from a model that is loaded already: text in, text out. */
export const chatLatency: Benchmark = {
  summary: "one answer at a time from a loaded model, end to end",
  usage: `--model DIR     the folder of a trained model
--data FILE     pairs; their sources are the questions
--count N       questions, drawn at random but always the same; default: 500
--threads N     default: 1, as in chat`,
  run,
};

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: "string" },
      data: { type: "string" },
      count: { type: "string", default: "500" },
      threads: { type: "string" },
    },
  });
  if (values.model === undefined || values.data === undefined) throw new Error("give --model DIR and --data FILE");
  const { pairs } = await readPairs(values.data);
  const different = [...new Set(pairs.map(({ source }) => source))];
  const questions = Random.of(1, "questions").shuffle(different).slice(0, Number(values.count));

  const began = performance.now();
  const engine = await openEngine({ threads: Number(values.threads ?? 1) });
  const loaded = await loadSeq2Seq(values.model);
  const responder = await Responder.compile(engine, loaded);
  const secondsToLoad = (performance.now() - began) / 1000;
  for (let i = 0; i < WARMUP; i++) await responder.answer(questions[i % questions.length]);

  const milliseconds: number[] = [];
  const tokens: number[] = [];
  for (const question of questions) {
    const asked = performance.now();
    const answer = await responder.answer(question);
    milliseconds.push(performance.now() - asked);
    tokens.push(answer.tokens.length + (answer.finished ? 1 : 0));
  }
  await responder.release();
  const { median, mean, most } = spreadOf(milliseconds);
  progress(`median ${median.toFixed(2)} ms over ${questions.length} questions`);
  return {
    model: values.model,
    data: values.data,
    engine: engine.description,
    secondsToLoad,
    answers: questions.length,
    milliseconds: { median, p90: quantile(milliseconds, 0.9), p99: quantile(milliseconds, 0.99), mean, most },
    /** With `<end>`. */
    tokensPerAnswer: spreadOf(tokens).mean,
    millisecondsPerToken: mean / spreadOf(tokens).mean,
  };
}
