import { createInterface } from "node:readline/promises";
import { Command } from "@commander-js/extra-typings";
import type { Answer, Responder } from "../decoding/responder.ts";
import { converse } from "./conversation.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { printJson, tell } from "./output.ts";

const EXAMPLES = `
Examples:
  jumok chat model                              a conversation; /help tells what it understands
  jumok chat model "영화 볼래?"                 one answer
  jumok chat model 오늘 뭐 해? --json           the answer with tokens, score and time
  jumok chat model < questions.txt              an answer a line`;

/** `jumok chat` */
export function chatCommand() {
  return new Command("chat")
    .description("Talks to a trained model. With TEXT it gives one answer; from a pipe, one answer a line.")
    .argument("<dir>", "the folder of a trained model")
    .argument("[text...]", "what to say; several words are joined")
    .addOption(deviceFlag())
    .addOption(threadsFlag())
    .option("--json", "print answers as JSON, one a line")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, words, { device, threads, json = false }) => {
      const { openModel } = await import("../training/open-model.ts");
      const interactive = words.length === 0 && process.stdin.isTTY === true && !json;
      const { responder } = await openModel(dir, { device, threads, attention: interactive });
      if (words.length > 0) print(await responder.answer(words.join(" ")), json);
      else if (interactive) process.exitCode = await converse(responder);
      else process.exitCode = await answerLines(responder, json);
    });
}

/** Answers each line of standard input; a line that cannot be answered is told, and the others go on. */
async function answerLines(responder: Responder, json: boolean): Promise<number> {
  let failed = false;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    number++;
    const text = line.trim();
    if (text === "") {
      tell(`jumok: line ${number} is empty; skipped`);
      continue;
    }
    try {
      print(await responder.answer(text), json);
    } catch (error) {
      if (!(error instanceof Error && error.name === "TextError")) throw error;
      failed = true;
      const message = `line ${number}: ${error.message}`;
      tell(`jumok: ${message}`);
      if (json) printJson({ type: "error", message });
    }
  }
  return failed ? 1 : 0;
}

function print({ input, answer, tokens, score, milliseconds }: Answer, json: boolean): void {
  if (json) printJson({ input, answer, tokens, score, milliseconds });
  else process.stdout.write(`${answer}\n`);
}
