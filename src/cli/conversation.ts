import { createInterface } from "node:readline/promises";
import { attentionGrid } from "../decoding/attention-grid.ts";
import type { Answer, Responder } from "../decoding/responder.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { answerLines } from "./answer-lines.ts";
import { styleFor } from "./style.ts";

const HELP = `Say something, and the model answers. The arrow keys bring back what you said before.
  /attention   what each piece of the last answer attended to in your text
  /help        this
  /quit        the end; Ctrl-D too`;

/** Where a conversation is held. */
export interface Conversation {
  /** A person at a terminal is greeted and prompted; a pipe is not. */
  readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output?: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** Where the lines of a pipe that cannot be answered are told, so that `output` holds answers and nothing else. */
  readonly complaints?: NodeJS.WritableStream;
  /** How answers are searched for. Default: greedily. */
  readonly search?: SearchOptions;
}

/**
 * A conversation line by line, with a person at a terminal or with a pipe.
 *
 * @param responder compiled with attention
 * @returns the exit code: 0 after `/quit` or the end of the input, 130 after Ctrl-C; of a pipe 1 when a line could not
 *   be answered
 */
export async function converse(responder: Responder, conversation: Conversation = {}): Promise<number> {
  const { input = process.stdin, output = process.stdout, complaints = process.stderr, search } = conversation;
  const person = input.isTTY === true;
  const { dim, bold, accent, warn } = styleFor(output);
  const say = (text: string) => output.write(`${text}\n`);
  let number = 0;
  let failed = false;
  const complain = (problem: string) => {
    failed = true;
    if (person) say(warn(problem));
    else complaints.write(`jumok: line ${number}: ${problem}\n`);
  };
  const passOver = (what: string) => {
    if (person) say(dim(`(${what})`));
    else complaints.write(`jumok: line ${number}: ${what}; skipped\n`);
  };

  const lines = createInterface(person ? { input, output, prompt: accent("› ") } : { input });
  let interrupted = false;
  lines.on("SIGINT", () => {
    interrupted = true;
    lines.close();
  });
  let last: Answer | undefined;
  if (person) {
    say(dim("/help tells what you can do, /quit ends"));
    lines.prompt();
  }
  for await (const line of lines) {
    number++;
    const text = line.trim();
    if (text === "/quit") break;
    if (text === "") passOver("nothing said");
    else if (text === "/help") say(HELP);
    else if (text === "/attention") {
      if (last) say(attentionGrid(last, { width: output.columns }));
      else passOver("there is no answer yet");
    } else if (/^\/\p{L}+$/u.test(text)) complain(`${text} is no command; /help lists them`);
    else {
      try {
        last = await responder.answer(text, search);
        const [first, ...others] = answerLines(last);
        say(person ? `${bold(first)} ${dim(`${last.milliseconds.toFixed(0)} ms`)}` : first);
        for (const line of others) say(person ? dim(line) : line);
      } catch (error) {
        if (!(error instanceof Error && error.name === "TextError")) throw error;
        complain(error.message);
      }
    }
    if (person) lines.prompt();
  }
  lines.close();
  if (interrupted) {
    say("");
    return 130;
  }
  return failed && !person ? 1 : 0;
}
