import { type ReadLabelledOptions, readLabelled } from "../data/labelled-texts.ts";
import { Judge, readText } from "../decoding/judge.ts";
import { ClassifierAttention } from "../explain/classifier-attention.ts";
import { classifierConfigOf, classifierOf } from "../formats/classifier-config.ts";
import { Random } from "../random/random.ts";
import { type ShownSentence, shownSentence } from "../studio/shown-sentence.ts";
import type { ClassifyOptions } from "./classify-options.ts";
import { ClassifyTask, type LabelledExample } from "./classify-task.ts";
import { filmable, startFilming } from "./filming.ts";
import { type RunFiles, SAMPLES } from "./job.ts";
import { prepareTexts } from "./prepare-texts.ts";

/** The beginning of a text that stands for it where samples are shown, in characters. */
const SHOWN = 60;

/** Reads the files of a run on labelled texts. */
export async function readClassifyRun(
  run: { data: string; valid?: string; columns?: ReadLabelledOptions },
  options: ClassifyOptions,
): Promise<RunFiles<LabelledExample>> {
  const file = await readLabelled(run.data, run.columns);
  const valid = run.valid === undefined ? undefined : await readLabelled(run.valid, run.columns);
  return {
    sha256: { data: file.sha256, ...(valid && { valid: valid.sha256 }) },
    columns: file.columns,
    prepare() {
      const { tokenizer, labels, data, report, leak, trainTexts, validTexts } = prepareTexts(file, options, valid);
      const config = classifierConfigOf(options, tokenizer, labels);
      const model = classifierOf(config);
      return {
        data: {
          type: "data",
          task: "classify",
          file: run.data,
          columns: file.columns,
          report,
          labels,
          ...(leak && { leak }),
          problems: [...file.problems, ...(valid?.problems ?? [])],
          vocabularySize: tokenizer.vocabularySize,
          train: trainTexts.length,
          valid: validTexts.length,
        },
        task: new ClassifyTask(model, tokenizer.padId),
        examples: data,
        config,
        tokenizer,
        async sampler(engine, weights, { film }) {
          const texts = validTexts.length > 0 ? validTexts : trainTexts;
          const shuffled = Random.of(options.seed, "samples").shuffle([...texts]);
          const chosen = shuffled.slice(0, SAMPLES);
          const judging = { model, weights, tokenizer, labels, truncate: options.truncate };
          const judge = await Judge.compile(engine, judging, { liveWeights: true });
          const idsOf = (text: string) => readText(judging, text).ids;
          const filmed = filmable(shuffled, ({ text }) => idsOf(text).length).map(({ text, label }) => {
            const columns = shownSentence(tokenizer, idsOf(text));
            // A Transformer's words ask one another; of a recurrent model one query asks, for the class.
            const rows = options.model === "transformer" ? columns : verdictOf(label, labels);
            return { text, rows, columns };
          });
          const compile = () => ClassifierAttention.compile(engine, judging, { liveWeights: true });
          const filming = film ? await startFilming(compile, filmed) : undefined;
          return {
            async samples() {
              const judged = await judge.judgeAll(chosen.map(({ text }) => text));
              return judged.map(({ input, label, probability }, i) => ({
                source: beginning(input),
                answer: label,
                expected: chosen[i].label,
                probability,
              }));
            },
            filming,
            async release() {
              await judge.release();
              await filming?.release();
            },
          };
        },
      };
    },
  };
}

/** A class as the one row of a map. */
function verdictOf(label: string, labels: readonly string[]): ShownSentence {
  return { toks: [{ t: label, w: 0, id: labels.indexOf(label) }], words: [label] };
}

function beginning(text: string): string {
  const characters = [...text];
  return characters.length <= SHOWN ? text : `${characters.slice(0, SHOWN - 1).join("")}…`;
}
