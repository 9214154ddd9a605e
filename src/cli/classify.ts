import { Command } from "@commander-js/extra-typings";
import type { AttendedWord } from "../decoding/attended-words.ts";
import type { Judgement } from "../decoding/judge.ts";
import type { OpenedClassifier } from "../training/open-model.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { judgementLines } from "./judgement-lines.ts";
import { lineBatches } from "./line-batches.ts";
import { printJson } from "./output.ts";
import { styleFor } from "./style.ts";

const EXAMPLES = `
Examples:
  jumok classify model "배송이 빠르고 좋아요"   the class, how sure, and the words it looked at
  jumok classify model < reviews.txt            a class and its probability a line, with a tab between
  jumok classify model - --json < reviews.txt   a JSON object a line

On a terminal the words that got the most attention are marked in the text, where the model attends. A line that is empty
or has no words gives an empty line, with --json {"input":"","error":"…"}; then the exit code is 1.`;

/** Lines that are judged together. */
const BATCH = 256;

/** `jumok classify` */
export function classifyCommand() {
  return new Command("classify")
    .description("Tells the class of texts with a trained classifier.")
    .argument("<dir>", "the folder of a trained classifier")
    .argument("[text...]", "a text, its words joined; without it or with -, a text a line from standard input")
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .option("--json", "print label, probabilities and attention as JSON, one object a text")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, words, { device, threads, json = false }) => {
      const { openClassifier } = await import("../training/open-model.ts");
      const person = process.stdout.isTTY === true;
      const marks = json || person;
      const opened = await openClassifier(dir, { device, threads, attention: marks });
      const wordsOf = await explainer(opened);
      const show = (judgement: Judgement) => {
        const attended = marks ? wordsOf(judgement) : undefined;
        if (json) printJson(asJson(judgement, opened.judge.labels, attended));
        else if (person)
          process.stdout.write(`${judgementLines(judgement, attended, styleFor(process.stdout)).join("\n")}\n`);
        else process.stdout.write(`${judgement.label}\t${judgement.probability.toFixed(4)}\n`);
      };
      const given = words.join(" ");
      if (words.length > 0 && given !== "-") show(await opened.judge.judge(given));
      else process.exitCode = await judgeLines(opened, show, json);
    });
}

async function explainer({ tokenizer, config }: OpenedClassifier) {
  const { attendedWords } = await import("../decoding/attended-words.ts");
  const { truncationOf } = await import("../formats/classifier-config.ts");
  return ({ input, attention }: Judgement) =>
    attention && attendedWords(tokenizer, input, attention, truncationOf(config));
}

/** @returns the exit code: 1 when a line had no words */
async function judgeLines(
  { judge, tokenizer }: OpenedClassifier,
  show: (judgement: Judgement) => void,
  json: boolean,
): Promise<number> {
  let number = 0;
  let failed = false;
  for await (const lines of lineBatches(process.stdin, BATCH)) {
    const readable = lines.map((line) => tokenizer.encode(line).length > 0);
    const judged = (await judge.judgeAll(lines.filter((_, i) => readable[i])))[Symbol.iterator]();
    for (const [i, line] of lines.entries()) {
      number++;
      if (readable[i]) show(judged.next().value!);
      else {
        failed = true;
        const error = line.trim() === "" ? "the line is empty" : "the line has no words";
        if (json) printJson({ input: line, error });
        else {
          process.stdout.write("\n");
          process.stderr.write(`jumok: line ${number}: ${error}\n`);
        }
      }
    }
  }
  return failed ? 1 : 0;
}

function asJson(
  { input, label, probability, logProbabilities, paddingAttention, cut }: Judgement,
  labels: readonly string[],
  words: readonly AttendedWord[] | undefined,
) {
  return {
    input,
    label,
    probability,
    probabilities: Object.fromEntries(labels.map((name, i) => [name, Math.exp(logProbabilities[i])])),
    ...(words && { attention: words.map(({ word, weight }) => ({ word, weight })) }),
    ...(paddingAttention !== undefined && { paddingAttention }),
    ...(cut > 0 && { tokensCut: cut }),
  };
}
