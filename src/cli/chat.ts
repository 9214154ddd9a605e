import { createInterface } from "node:readline/promises";
import { Command } from "@commander-js/extra-typings";
import type { Answer, Responder } from "../decoding/responder.ts";
import { converse } from "./conversation.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { printJson } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok chat model                              a conversation; /help tells what it understands
  jumok chat model "영화 볼래?"                 one answer
  jumok chat model 오늘 뭐 해? --json           the answer with tokens, score and time
  jumok chat model < questions.txt              an answer a line
  jumok chat model --json < questions.txt       a JSON object a line

The lines of a pipe may be commands too: /attention, /help, /quit. An empty line is skipped; one that cannot be answered
is told on standard error, and the exit code is 1.
With --json every line is a text, and every line gives one object, in order: the answer, or for a line that is empty or
too long {"input":"","error":"the text is empty"}; then the exit code is 1.`;

/** `jumok chat` */
export function chatCommand() {
  return new Command("chat")
    .description("Talks to a trained model. With TEXT it gives one answer; from a pipe, one answer a line.")
    .argument("<dir>", "the folder of a trained model")
    .argument("[text...]", "what to say; several words are joined")
    .addOption(deviceFlag())
    .addOption(threadsFlag("one"))
    .option("--json", "print answers as JSON, one a line")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, words, { device, threads, json = false }) => {
      const { openModel } = await import("../training/open-model.ts");
      const conversing = words.length === 0 && !json;
      const { responder } = await openModel(dir, { device, threads, attention: conversing });
      if (words.length > 0) print(await responder.answer(words.join(" ")), json);
      else process.exitCode = conversing ? await converse(responder) : await answerAsJson(responder);
    });
}

/**
 * Answers each line of standard input with one JSON object: the answer, or what is wrong with the line.
 *
 * @returns the exit code: 1 when a line could not be answered
 */
async function answerAsJson(responder: Responder): Promise<number> {
  let failed = false;
  for await (const line of createInterface({ input: process.stdin })) {
    const input = line.trim();
    try {
      print(await responder.answer(input), true);
    } catch (error) {
      if (!(error instanceof Error && error.name === "TextError")) throw error;
      failed = true;
      printJson({ input, error: error.message });
    }
  }
  return failed ? 1 : 0;
}

function print({ input, answer, tokens, score, milliseconds }: Answer, json: boolean): void {
  if (json) printJson({ input, answer, tokens, score, milliseconds });
  else process.stdout.write(`${answer}\n`);
}
