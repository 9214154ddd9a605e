import { availableParallelism } from "node:os";
import { Command } from "@commander-js/extra-typings";
import type { TextLines } from "../data/text-lines.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { deviceFlag, precisionFlag, threadsFlag } from "./engine-flags.ts";
import { tell } from "./output.ts";
import { drawsIn, type SearchFlags, searchFlags, searchOptionsIn } from "./search-flags.ts";
import type { LineFormat } from "./translated-line.ts";

const EXAMPLES = `
Examples:
  jumok translate model in.txt -o out.txt            a line in, a line out, in order; .gz files too
  jumok translate model < in.txt > out.txt           the same through a pipe
  jumok translate model in.txt --beam 1              greedy: quicker, a little worse
  jumok translate model in.txt --beam 6 --length-penalty average --block-ngrams 3
  jumok translate model in.txt --n-best 4            0 ||| text ||| logP= -2.1 ||| -1.05, four of each line
  jumok translate model in.txt --json                {"line":1,"input":"…","translation":"…","score":-2.1,…}
  jumok translate model                              type a line, get a line; Ctrl-D ends

Every line gives one line; a line without words gives an empty one. One that is longer than the model takes is cut into
parts, at the ends of sentences or else at blanks, and their translations are joined. A line that is not UTF-8 gives an
empty line, with --json {"line":1,"input":"…","error":"not valid UTF-8"}; it is told with its number on standard error,
and the exit code is 1. So does a line of more than 1 MiB.
With --n-best lines are as Moses and Marian write them: number of the line from 0, text, logarithm of its probability,
score after penalties. Without --beam, --n-best above 4 searches with so many beams.
Ctrl-C leaves complete lines, also in the file of -o, which is replaced only when there is something to put in its place.`;

/** How many beams there are where no flag says it. */
const USUAL_BEAM = 4;

/** `jumok translate` */
export function translateCommand() {
  const command = new Command("translate")
    .description("Translates a text line by line with a trained model that writes.")
    .argument("<dir>", "the folder of a trained model")
    .argument("[file]", "the text, in UTF-8; without it or with -, standard input")
    .option("-o, --out <file>", "a file to write; standard output if not given")
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .addOption(precisionFlag())
    .option("--json", "print translations as JSON, one object a line")
    .addHelpText("after", EXAMPLES);
  for (const flag of searchFlags(`${USUAL_BEAM}, or 1 where pieces are drawn,`)) command.addOption(flag);
  return command.action(async (dir, file = "-", { device, threads, precision, out, json = false, ...flags }) => {
    const search = await searchOptionsIn(withBeam(flags as SearchFlags));
    const text = await opened(file);
    const { openModel } = await import("../training/open-model.ts");
    const { translateLines } = await import("./translate-lines.ts");
    const { responder } = await openModel(dir, { device, precision, threads: threads ?? availableParallelism() });
    process.exitCode = await translateLines(responder, text, { search, out, format: formatOf(search, json) });
  });
}

function withBeam(flags: SearchFlags): SearchFlags {
  if (flags.beam !== undefined || drawsIn(flags)) return flags;
  return { ...flags, beam: Math.max(USUAL_BEAM, flags.nBest ?? 1) };
}

function formatOf({ nBest }: SearchOptions, json: boolean): LineFormat {
  if (json) return "json";
  return nBest === undefined ? "plain" : "n-best";
}

async function opened(file: string): Promise<TextLines> {
  const { openTextLines, textLinesOf } = await import("../data/text-lines.ts");
  if (file !== "-") return openTextLines(file);
  if (process.stdin.isTTY) tell("type a line, get a line; Ctrl-D ends");
  return textLinesOf(process.stdin, "standard input");
}
