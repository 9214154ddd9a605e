#!/usr/bin/env node
import { Command } from "@commander-js/extra-typings";
import { VERSION } from "../training/version.ts";
import { failureOf } from "./failure.ts";
import { printJson } from "./output.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The commands; each is loaded only when its name is on the command line, so that help is quick. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  train: {
    summary: "train a model on a file of sentence pairs or labelled texts",
    load: async () => (await import("./train.ts")).trainCommand() as unknown as Command,
  },
  chat: {
    summary: "talk to a trained model, or get one answer",
    load: async () => (await import("./chat.ts")).chatCommand() as unknown as Command,
  },
  translate: {
    summary: "translate a file or a stream, a line in, a line out",
    load: async () => (await import("./translate.ts")).translateCommand() as unknown as Command,
  },
  attention: {
    summary: "show what a trained model looks at, as a picture, a page or numbers",
    load: async () => (await import("./attention.ts")).attentionCommand() as unknown as Command,
  },
  classify: {
    summary: "tell the class of texts with a trained classifier",
    load: async () => (await import("./classify.ts")).classifyCommand() as unknown as Command,
  },
  serve: {
    summary: "answer by HTTP with a trained model",
    load: async () => (await import("./serve.ts")).serveCommand() as unknown as Command,
  },
  evaluate: {
    summary: "measure a trained model on a file",
    load: async () => (await import("./evaluate.ts")).evaluateCommand() as unknown as Command,
  },
  compare: {
    summary: "train several models on one file and compare them",
    load: async () => (await import("./compare.ts")).compareCommand() as unknown as Command,
  },
  export: {
    summary: "write a trained model as a page for browsers, for transformers.js, or as ONNX files",
    load: async () => (await import("./export.ts")).exportCommand() as unknown as Command,
  },
  import: {
    summary: "make a model folder of a Marian translation model",
    load: async () => (await import("./import.ts")).importCommand() as unknown as Command,
  },
  demo: {
    summary: "train on Korean small talk for about a minute, then talk to the model",
    load: async () => (await import("./demo.ts")).demoCommand() as unknown as Command,
  },
};

const EXAMPLES = `
Examples:
  jumok demo                                    a first look, in about a minute
  jumok train pairs.csv --out model             train on the columns Q and A, source and target, …
  jumok chat model                              a conversation
  jumok chat model "오늘 뭐 해?"                one answer
  jumok translate model in.txt -o out.txt       a line in, a line out
  jumok attention model "오늘 뭐 해?" -o a.svg  what it looks at, layer by layer, head by head
  jumok serve model                             answers by HTTP on this machine
  jumok export model --to browser -o out        a page that answers by itself
  jumok export model --to huggingface -o out    for transformers.js
  jumok evaluate model pairs.csv                loss, accuracy, exact match
  jumok train reviews.tsv --out judge --task classify
  jumok classify judge "배송이 빠르고 좋아요"   the class, and the words it looked at

jumok COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped with Ctrl-C.`;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("jumok")
    .description("Train, see and ship attention models.")
    .version(VERSION)
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = argv.includes(name) ? await load() : new Command(name);
    program.addCommand(command.summary(summary).copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const { message, code, stack } = failureOf(error, helpFor(argv));
    if (message === undefined) return code;
    process.stderr.write(`jumok: ${message}\n${process.env.JUMOK_DEBUG ? `${stack}\n` : ""}`);
    if (argv.includes("--json")) printJson({ type: "error", message });
    return code;
  }
}

function helpFor(argv: readonly string[]): string {
  const command = argv.find((word) => Object.hasOwn(COMMANDS, word));
  return ["jumok", ...(command ? [command] : []), "--help"].join(" ");
}

// A reader that has seen enough, as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const code = await main(process.argv.slice(2));
// Threads of a runtime may keep the process alive; what was printed is let out first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
