import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import type { RunningServer, ServerOptions } from "../server/serve.ts";
import type { ServedModel } from "../server/served-model.ts";
import { deviceFlag, precisionFlag, threadsFlag } from "./engine-flags.ts";
import { UsageError } from "./failure.ts";
import { grouped, positiveInteger, seconds } from "./numbers.ts";
import { printJson, tell } from "./output.ts";
import { portFlag, USUAL_PORT } from "./port-flag.ts";
import { firstSignal } from "./stop-signal.ts";

const EXAMPLES = `
Examples:
  jumok serve model                                 http://127.0.0.1:8017, for this machine only
  curl -s localhost:8017/v1/chat -H 'content-type: application/json' -d '{"text":"영화 볼래?"}'
  curl -sN localhost:8017/v1/chat -H 'content-type: application/json' -d '{"text":"영화 볼래?","stream":true}'
  jumok serve model --host 0.0.0.0 --token SECRET   for the network; clients send Authorization: Bearer SECRET
  jumok serve model --cors https://example.org      pages of that origin may ask too
  jumok serve model --train-on pairs.csv            the page may train on that file too
  OPENAI_BASE_URL=http://127.0.0.1:8017/v1 OPENAI_API_KEY=none some-client
                                                    clients of OpenAI's API

POST /v1/chat, /v1/translate, /v1/classify, /v1/attention, /v1/chat/completions; GET /v1/model, /v1/models, /health, /ready,
/metrics, /openapi.json, which describes them all. Options of a search have the names that the library gives them.

Texts that wait together run together. On SIGTERM or Ctrl-C no more requests are taken and those that are open are
answered; the exit code is 0, or 1 when some were not answered in time. A second signal ends at once.`;

/** Workers hold a copy of the model each. */
const MOST_WORKERS = 4;

/** `jumok serve` */
export function serveCommand() {
  const count = (flags: string, description: string) => new Option(flags, description).argParser(positiveInteger);
  return new Command("serve")
    .description("Answers by HTTP with a trained model: chat, translation, classes, attention.")
    .argument("<dir>", "the folder of a trained model")
    .option(
      "--host <address>",
      "where to listen; another than this machine's own wants --token or --insecure",
      "127.0.0.1",
    )
    .addOption(portFlag())
    .addOption(new Option("--token <secret>", "what clients have to send").env("JUMOK_TOKEN"))
    .option("--insecure", "let everybody who reaches the address ask")
    .option("--cors <origin...>", "pages of these origins may ask, such as https://example.org; '*' for all")
    .option(
      "--train-on <path...>",
      "files, or folders of files, that the page may train on; models go to runs/ in <dir>",
    )
    .option("--name <id>", "what clients call the model; the name of the folder if not given")
    .addOption(count("--workers <n>", `copies of the model at work; one a core, at most ${MOST_WORKERS}, if not given`))
    .addOption(deviceFlag())
    .addOption(threadsFlag("one"))
    .addOption(precisionFlag())
    .addOption(count("--max-batch <n>", "rows that run together, one for each beam or sample; 64 if not given"))
    .addOption(count("--max-queue <n>", "texts that may wait; 512 if not given"))
    .addOption(count("--max-text <n>", "characters of a text; 10000 if not given"))
    .addOption(count("--max-body <n>", "bytes of a request; 1048576 if not given"))
    .addOption(new Option("--timeout <s>", "seconds for an answer; 30 if not given").argParser(seconds))
    .addOption(new Option("--drain <s>", "seconds to answer what is open at the end").argParser(seconds).default(20))
    .option("--verbose", "tell each request")
    .option("--json", "tell as JSON objects, one a line")
    .addHelpText("after", EXAMPLES)
    .action(async (dir, flags) => {
      await checkExposure(flags);
      const { startServer } = await import("../server/serve.ts");
      const options = await serverOptions(dir, flags);
      const server = await startServer(options);
      process.exitCode = await serveUntilStopped(server, { ...flags, name: options.name });
    });
}

interface Flags extends Pick<ServerOptions, "host" | "token" | "device" | "precision"> {
  readonly port?: number;
  readonly trainOn?: readonly string[];
  readonly insecure?: true;
  readonly cors?: readonly string[];
  readonly name?: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly maxBatch?: number;
  readonly maxQueue?: number;
  readonly maxText?: number;
  readonly maxBody?: number;
  readonly timeout?: number;
  readonly drain: number;
  readonly verbose?: true;
  readonly json?: true;
}

/** @throws {UsageError} when others could reach the server and nobody said that they may */
async function checkExposure({ host, token, insecure }: Flags): Promise<void> {
  if (token?.trim() === "") throw new UsageError("--token is empty; give a long random text");
  const { isLoopback } = await import("../server/guards.ts");
  if (isLoopback(host) || token !== undefined || insecure) return;
  throw new UsageError(`--host ${host} lets others ask; give --token SECRET, or --insecure if everybody may`);
}

async function serverOptions(dir: string, flags: Flags): Promise<ServerOptions> {
  const { USUAL_LIMITS } = await import("../server/limits.ts");
  const { plainPage } = await import("../server/page.ts");
  const { studioPage } = await import("../server/studio-page.ts");
  const { allowedFiles } = await import("../server/training-files.ts");
  const { host, port = USUAL_PORT, token, device, precision, cors = [], workers, threads = 1 } = flags;
  const { name = basename(resolve(dir)) } = flags;
  const { maxBatch, maxQueue, maxText, maxBody, timeout } = flags;
  const { rows, queue, texts, text, body, seconds } = USUAL_LIMITS;
  const { verbose = false, json = false, trainOn } = flags;
  return {
    folder: dir,
    name,
    host,
    port,
    token,
    origins: cors,
    device,
    precision,
    workers: workers ?? Math.min(availableParallelism(), MOST_WORKERS),
    threads,
    limits: {
      ...USUAL_LIMITS,
      rows: maxBatch ?? rows,
      queue: maxQueue ?? queue,
      texts: Math.min(texts, maxQueue ?? queue),
      text: maxText ?? text,
      body: maxBody ?? body,
      seconds: timeout ?? seconds,
    },
    page: (await studioPage()) ?? plainPage,
    training: { commands: trainOn !== undefined, files: await allowedFiles(trainOn ?? []) },
    tell: (event) => {
      if (event.type === "error") tellError(event.message, { json, stack: event.stack });
      else if (verbose && json) printJson(event);
      else if (verbose) tell(`${event.method} ${event.path} ${event.status} ${event.milliseconds.toFixed(0)} ms`);
    },
  };
}

function tellError(message: string, { json, stack }: { json: boolean; stack?: string }): void {
  tell(`jumok: a request failed: ${process.env.JUMOK_DEBUG ? (stack ?? message) : message}`);
  if (json) printJson({ type: "error", message });
}

/** @returns the exit code: 0 when all that was asked was answered */
async function serveUntilStopped(
  server: RunningServer,
  { name, drain, json, token }: Pick<Flags, "drain" | "json" | "token"> & { readonly name: string },
): Promise<number> {
  const stopped = firstSignal();
  if (server.training !== undefined && server.training.now.state !== "none") {
    const where = `${server.url}/#train`;
    if (json) printJson({ type: "studio", url: where });
    else tell(`the training of the model is shown at ${where}`);
  }
  const model = await Promise.race([server.ready, stopped]);
  if (model !== undefined) {
    announce(server, { name, model, json });
    // A terminal is looked at by whoever gave the token; what is written into a file may be read by others.
    if (token !== undefined && !json && process.stdout.isTTY) {
      tell(`the page opens with its token at ${server.url}/#token=${encodeURIComponent(token)}`);
    }
    await Promise.race([stopped, server.failed.then((reason) => Promise.reject(reason))]);
  }
  const answered = await server.drain(drain);
  if (json) printJson({ type: "end", answered });
  else if (!answered) tell("some requests were not answered in time");
  return answered ? 0 : 1;
}

function announce(
  { url, port }: RunningServer,
  { name, model: { card: _, folder: __, ...model }, json }: { name: string; model: ServedModel; json?: true },
): void {
  if (json) printJson({ type: "ready", url, port, model: { id: name, ...model } });
  else process.stdout.write(`${name} (${model.task}, ${grouped(model.parameters)} parameters) answers at ${url}\n`);
}
