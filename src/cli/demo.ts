import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, Option } from "@commander-js/extra-typings";
import type { Device, EngineOptions } from "../runtime/engine.ts";
import { runOptions } from "../training/run-options.ts";
import type { Seq2SeqOptions } from "../training/seq2seq-options.ts";
import { deviceFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { positiveInteger } from "./numbers.ts";
import { tell } from "./output.ts";
import { portFlag } from "./port-flag.ts";
import { quoted, sameCommand } from "./shell-words.ts";
import { firstSignal } from "./stop-signal.ts";
import { styleFor } from "./style.ts";

/** What comes with the package: the same place seen from `src/cli` and from `dist/cli`. */
const DATA = fileURLToPath(new URL("../../data/small-talk.ko.tsv", import.meta.url));

/** What makes the preset `small` learn the small talk in about a minute on two cores. */
const DEMO = { epochs: 16, warmupSteps: 100, validFraction: 0 } satisfies Partial<Seq2SeqOptions>;

const QUESTIONS = ["심심해", "너 이름이 뭐야?", "잘 자"];

const EXAMPLES = `
Examples:
  jumok demo                                    train, then talk on a page of this machine
  jumok demo --no-open                          train, then talk in the terminal
  jumok demo --no-chat --out demo               only train
  jumok demo --overwrite                        train anew`;

/** `jumok demo` */
export function demoCommand() {
  return new Command("demo")
    .description(
      "Trains a small model on Korean small talk for about a minute and opens a conversation with it. " +
        "A model that is already there is not trained again; a run that was stopped goes on.",
    )
    .option("--out <dir>", "the folder of the model", "jumok-demo")
    .option("--overwrite", "train anew even if the folder holds a model")
    .option("--no-open", "talk in the terminal instead of on a page")
    .option("--no-chat", "only train")
    .addOption(portFlag())
    .addOption(
      new Option("--epochs <n>", `times every pair is seen (default: ${DEMO.epochs})`).argParser(positiveInteger),
    )
    .addOption(deviceFlag())
    .addOption(threadsFlag("all cores"))
    .addHelpText("after", EXAMPLES)
    .action(async ({ out, overwrite = false, chat, open, port, epochs, device, threads }) => {
      const { holdsModel } = await import("../formats/model-folder.ts");
      const { readSavedRun } = await import("../training/run.ts");
      const saved = overwrite ? undefined : await readSavedRun(out);
      const unfinished = saved !== undefined && !saved.finished;
      if (!overwrite && !unfinished && (await holdsModel(out)))
        tell(`${out} holds a trained model; --overwrite trains it anew`);
      else {
        if (saved !== undefined && epochs !== undefined && epochs !== saved.options.epochs) {
          const before = `but the run in ${out} has ${saved.options.epochs}`;
          throw new UsageError(`--epochs is ${epochs}, ${before}; leave --epochs out, or start anew with --overwrite`);
        }
        const { openEngine } = await import("../runtime/node.ts");
        const { runTraining } = await import("./run-training.ts");
        const data = relative(process.cwd(), DATA);
        const planned = saved ?? { data, options: runOptions("small", DEMO, epochs ? { epochs } : {}) };
        const engine = await openEngine({ device, threads });
        const code = await runTraining({
          run: { ...planned, data, out, engine, overwrite, resume: saved !== undefined },
          goOn: sameCommand(),
        });
        if (code !== 0) {
          process.exitCode = code;
          return;
        }
        tell(`the model is in ${out}`);
      }
      if (!chat) tell(`talk to it: jumok chat ${quoted(out)}`);
      else if (!open || !(await openStudio(out, { device, port }))) {
        await talk(out, { device, threads });
        if (process.stdin.isTTY !== true) tell(`talk to it: jumok chat ${quoted(out)}`);
      }
    });
}

/**
 * Serves the studio until a signal comes.
 *
 * @returns whether it could be opened; it is not where the page was not built or nobody sits at a terminal
 */
async function openStudio(folder: string, { device, port }: { device?: Device; port?: number }): Promise<boolean> {
  if (process.stdout.isTTY !== true && port === undefined) return false;
  const { hasStudioPage, openStudioServer } = await import("./studio-server.ts");
  if (!(await hasStudioPage())) return false;
  const server = await openStudioServer({ folder, port, device, training: { commands: false, files: [] } }).catch(
    (error: Error) => tell(`the studio could not be opened: ${error.message}`),
  );
  if (server === undefined) return false;
  const stopped = firstSignal();
  await Promise.race([server.ready, stopped]);
  process.stdout.write(`talk to it, and see what it attends to: ${server.url}\n`);
  tell("Ctrl-C ends; jumok demo --no-open talks in the terminal");
  await Promise.race([stopped, server.failed.then((reason) => Promise.reject(reason))]);
  await server.drain(1);
  return true;
}

/** A conversation, or three example questions where nobody sits at a terminal. */
async function talk(out: string, engine: EngineOptions) {
  const { openModel } = await import("../training/open-model.ts");
  const { responder } = await openModel(out, { ...engine, attention: true });
  if (process.stdin.isTTY === true) {
    const { converse } = await import("./conversation.ts");
    process.exitCode = await converse(responder);
    return;
  }
  const { dim } = styleFor(process.stdout);
  for (const { input, answer } of await responder.answerAll(QUESTIONS)) {
    process.stdout.write(`${dim("›")} ${input}\n${answer}\n`);
  }
}
