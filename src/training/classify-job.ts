import { type ReadLabelledOptions, readLabelled } from "../data/labelled-texts.ts";
import { Judge } from "../decoding/judge.ts";
import { classifierConfigOf, classifierOf } from "../formats/classifier-config.ts";
import { Random } from "../random/random.ts";
import type { ClassifyOptions } from "./classify-options.ts";
import { ClassifyTask, type LabelledExample } from "./classify-task.ts";
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
        async sampler(engine, weights) {
          const texts = validTexts.length > 0 ? validTexts : trainTexts;
          const chosen = Random.of(options.seed, "samples")
            .shuffle([...texts])
            .slice(0, SAMPLES);
          const judging = { model, weights, tokenizer, labels, truncate: options.truncate };
          const judge = await Judge.compile(engine, judging, { liveWeights: true });
          return {
            async samples() {
              const judged = await judge.judgeAll(chosen.map(({ text }) => text));
              return judged.map(({ input, label }, i) => ({
                source: beginning(input),
                answer: label,
                expected: chosen[i].label,
              }));
            },
            release: () => judge.release(),
          };
        },
      };
    },
  };
}

function beginning(text: string): string {
  const characters = [...text];
  return characters.length <= SHOWN ? text : `${characters.slice(0, SHOWN - 1).join("")}…`;
}
