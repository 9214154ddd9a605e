import type { Example } from "../data/batches.ts";
import type { Pair } from "../data/pair.ts";
import { type ReadPairsOptions, readPairs } from "../data/pairs.ts";
import { Responder } from "../decoding/responder.ts";
import { Seq2SeqAttention } from "../explain/seq2seq-attention.ts";
import { configOf, modelOf } from "../formats/model-config.ts";
import { bleu } from "../metrics/bleu.ts";
import { chrf } from "../metrics/chrf.ts";
import { Random } from "../random/random.ts";
import { shownSentence } from "../studio/shown-sentence.ts";
import { answerPairs } from "./answer-pairs.ts";
import { filmable, startFilming } from "./filming.ts";
import { type RunFiles, SAMPLES } from "./job.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { Seq2SeqOptions } from "./seq2seq-options.ts";
import { Seq2SeqTask } from "./seq2seq-task.ts";

/** Reads the files of a run on pairs. */
export async function readPairRun(
  run: { data: string; valid?: string; columns?: ReadPairsOptions },
  options: Seq2SeqOptions,
): Promise<RunFiles<Example>> {
  const file = await readPairs(run.data, run.columns);
  const valid = run.valid === undefined ? undefined : await readPairs(run.valid, run.columns);
  return {
    sha256: { data: file.sha256, ...(valid && { valid: valid.sha256 }) },
    columns: file.columns,
    prepare() {
      const prepared = prepare(file, options, valid?.pairs);
      const { tokenizer, data, report, leak, trainPairs, validPairs } = prepared;
      const config = configOf({ ...options, vocabularySize: tokenizer.vocabularySize }, tokenizer);
      const model = modelOf(config);
      return {
        data: {
          type: "data",
          task: options.task,
          file: run.data,
          columns: file.columns,
          report,
          ...(leak && { leak }),
          problems: [...file.problems, ...(valid?.problems ?? [])],
          vocabularySize: tokenizer.vocabularySize,
          train: trainPairs.length,
          valid: validPairs.length,
        },
        task: new Seq2SeqTask(model, tokenizer.padId),
        examples: data,
        config,
        tokenizer,
        async sampler(engine, weights, { film }) {
          const shuffled = shuffledSources(prepared, options.seed);
          const chosen = shuffled.slice(0, SAMPLES);
          const responder = await Responder.compile(engine, { model, weights, tokenizer }, { liveWeights: true });
          const own = async () => {
            const { answered } = await answerPairs({ responder, tokenizer }, prepared.validPairs);
            const given = answered.map(({ answer }) => answer);
            const wanted = answered.map(({ pair }) => pair.target);
            return { bleu: bleu(given, wanted).score, chrf: chrf(given, wanted).score };
          };
          const sidesOf = ({ source, target }: Pair) => ({
            columns: tokenizer.asSource(tokenizer.encode(source)),
            rows: [...tokenizer.encode(target), tokenizer.endId],
          });
          const longest = (pair: Pair) => Math.max(...Object.values(sidesOf(pair)).map(({ length }) => length));
          const filmed = filmable(shuffled, longest).map((pair) => {
            const { rows, columns } = sidesOf(pair);
            const shown = { rows: shownSentence(tokenizer, rows), columns: shownSentence(tokenizer, columns) };
            return { text: pair.source, target: pair.target, ...shown };
          });
          const compile = () => Seq2SeqAttention.compile(engine, { model, weights, tokenizer }, { liveWeights: true });
          const filming = film ? await startFilming(compile, filmed) : undefined;
          return {
            ...((options.metric === "bleu" || options.metric === "chrf") && { own }),
            async samples() {
              const answers = await responder.answerAll(chosen.map(({ source }) => source));
              return answers.map(({ input, answer, tokens, finished, score }, i) => ({
                source: input,
                answer,
                expected: chosen[i].target,
                probability: Math.exp(score / Math.max(1, tokens.length + (finished ? 1 : 0))),
              }));
            },
            filming,
            async release() {
              await responder.release();
              await filming?.release();
            },
          };
        },
      };
    },
  };
}

/** Different sources to be answered again and again, the first of them: held-out ones if there are any. */
function shuffledSources({ trainPairs, validPairs }: Prepared, seed: number): Pair[] {
  const pairs = validPairs.length > 0 ? validPairs : trainPairs;
  const bySource = new Map(pairs.map((pair) => [pair.source, pair]));
  return Random.of(seed, "samples").shuffle([...bySource.values()]);
}
