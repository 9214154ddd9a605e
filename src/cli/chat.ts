import { createInterface } from "node:readline/promises";
import { Command } from "@commander-js/extra-typings";
import type { Alternative, Answer, Responder } from "../decoding/responder.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { answerLines } from "./answer-lines.ts";
import { converse } from "./conversation.ts";
import { deviceFlag, precisionFlag, threadsFlag } from "./engine-flags.ts";
import { printJson } from "./output.ts";
import { type SearchFlags, searchFlags, searchOptionsIn } from "./search-flags.ts";

const EXAMPLES = `
Examples:
  jumok chat model                              a conversation; /help tells what it understands
  jumok chat model "영화 볼래?"                 one answer
  jumok chat model 오늘 뭐 해? --json           the answer with tokens, score and time
  jumok chat model "영화 볼래?" --beam 4        the best that four beams find
  jumok chat model "영화 볼래?" --temperature 0.8 --n-best 3
                                                three answers drawn by chance
  jumok chat model < questions.txt              an answer a line
  jumok chat model --json < questions.txt       a JSON object a line

Without flags of search an answer is greedy: the likeliest piece each time. Any of --temperature, --top-k, --top-p and
--seed draws pieces by chance; the same seed gives the same answer. With --n-best every answer is a line of its own: its
place, a tab, its score after penalties, a tab, the answer.
The lines of a pipe may be commands too: /attention, /help, /quit. An empty line is skipped; one that cannot be answered
is told on standard error, and the exit code is 1.
With --json every line is a text, and every line gives one object, in order: the answer, or for a line that is empty or
too long {"input":"","error":"the text is empty"}; then the exit code is 1.`;

/** `jumok chat` */
export function chatCommand() {
  const command = new Command("chat")
    .description("Talks to a trained model. With TEXT it gives one answer; from a pipe, one answer a line.")
    .argument("<dir>", "the folder of a trained model")
    .argument("[text...]", "what to say; several words are joined")
    .addOption(deviceFlag())
    .addOption(threadsFlag("one"))
    .addOption(precisionFlag())
    .option("--json", "print answers as JSON, one a line")
    .addHelpText("after", EXAMPLES);
  for (const flag of searchFlags()) command.addOption(flag);
  return command.action(async (dir, words, { device, threads, precision, json = false, ...flags }) => {
    const search = await searchOptionsIn(flags as SearchFlags);
    const { openModel } = await import("../training/open-model.ts");
    const conversing = words.length === 0 && !json;
    const { responder } = await openModel(dir, { device, threads, precision, rows: "few", attention: conversing });
    if (words.length > 0) print(await responder.answer(words.join(" "), search), json);
    else process.exitCode = conversing ? await converse(responder, { search }) : await answerAsJson(responder, search);
  });
}

/**
 * Answers each line of standard input with one JSON object: the answer, or what is wrong with the line.
 *
 * @returns the exit code: 1 when a line could not be answered
 */
async function answerAsJson(responder: Responder, search: SearchOptions): Promise<number> {
  let failed = false;
  for await (const line of createInterface({ input: process.stdin })) {
    const input = line.trim();
    try {
      print(await responder.answer(input, search), true);
    } catch (error) {
      if (!(error instanceof Error && error.name === "TextError")) throw error;
      failed = true;
      printJson({ input, error: error.message });
    }
  }
  return failed ? 1 : 0;
}

function print(given: Answer, json: boolean): void {
  if (!json) {
    process.stdout.write(`${answerLines(given).join("\n")}\n`);
    return;
  }
  const { input, answer, tokens, score, milliseconds, nBest } = given;
  printJson({ input, answer, tokens, score, milliseconds, ...(nBest && { nBest: nBest.map(told) }) });
}

function told({ answer, tokens, score, penalisedScore, finished }: Alternative) {
  return { answer, tokens, score, penalisedScore, finished };
}
