import { createInterface } from "node:readline/promises";
import { attentionGrid } from "../decoding/attention-grid.ts";
import type { Answer, Responder } from "../decoding/responder.ts";
import { styleFor } from "./style.ts";

const HELP = `Say something, and the model answers. The arrow keys bring back what you said before.
  /attention   what each piece of the last answer attended to in your text
  /help        this
  /quit        the end; Ctrl-D too`;

/**
 * A conversation on the terminal.
 *
 * @param responder compiled with attention
 * @returns the exit code: 0 after `/quit` or Ctrl-D, 130 after Ctrl-C
 */
export async function converse(responder: Responder): Promise<number> {
  const { dim, bold, accent, warn } = styleFor(process.stdout);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: accent("› ") });
  let interrupted = false;
  lines.on("SIGINT", () => {
    interrupted = true;
    lines.close();
  });
  let last: Answer | undefined;
  say(dim("/help tells what you can do, /quit ends"));
  lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text === "/quit") break;
    if (text === "") say(dim("(nothing said)"));
    else if (text === "/help") say(HELP);
    else if (text === "/attention") {
      say(last ? attentionGrid(last, { width: process.stdout.columns }) : dim("there is no answer yet"));
    } else if (/^\/\p{L}+$/u.test(text)) say(warn(`${text} is no command; /help lists them`));
    else {
      try {
        last = await responder.answer(text);
        say(`${bold(last.answer)} ${dim(`${last.milliseconds.toFixed(0)} ms`)}`);
      } catch (error) {
        if (!(error instanceof Error && error.name === "TextError")) throw error;
        say(warn(error.message));
      }
    }
    lines.prompt();
  }
  lines.close();
  if (interrupted) say("");
  return interrupted ? 130 : 0;
}
