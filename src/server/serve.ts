import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Precision } from "../decoding/decoder.ts";
import { holdsModel, kindOfModel } from "../formats/model-folder.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import type { RunEvent } from "../training/run-events.ts";
import { makeApp } from "./app.ts";
import { CurrentModel } from "./current-model.ts";
import type { Limits } from "./limits.ts";
import { Metrics } from "./metrics.ts";
import type { Page } from "./page.ts";
import { OpenRequests, type ServerEvent } from "./request-log.ts";
import type { ServedModel } from "./served-model.ts";
import type { Serving } from "./serving.ts";
import { TrainingDesk } from "./training-desk.ts";
import type { AllowedFile } from "./training-files.ts";
import { TrainingOffice } from "./training-office.ts";

export interface ServerOptions extends Pick<EngineOptions, "device"> {
  /** Of a model that writes, as the API answers; the page shows what single precision gives. Default: `fp32`. */
  readonly precision?: Precision;
  /** The folder of a trained model, or of a run that is to write one. */
  readonly folder: string;
  /** What clients call the model. */
  readonly name: string;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** What clients have to know. Default: nothing. */
  readonly token?: string;
  /** Origins whose pages may ask; `*` for all. */
  readonly origins: readonly string[];
  /** Worker threads; each holds the model. */
  readonly workers: number;
  /** Threads of each for one operation. */
  readonly threads: number;
  readonly limits: Limits;
  /** The web page at `/`. */
  readonly page: Page;
  /** The run that the page shows, and what it may do with it. Default: it is not shown. */
  readonly training?: ServedTraining;
  /** Told of requests that are over, and of what goes wrong inside. */
  readonly tell: (event: ServerEvent) => void;
}

/** A run that is shown while it is trained, and afterwards. */
export interface ServedTraining {
  /** Whether the page may start, stop and resume. */
  readonly commands: boolean;
  /** Files that it may train on. */
  readonly files: readonly AllowedFile[];
  /** Threads of a training for one operation. Default: all cores. */
  readonly threads?: number;
  /** Told of each event of a run that is trained. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8017`. */
  readonly url: string;
  readonly port: number;
  /**
   * Resolves when the model answers.
   *
   * @throws {ModelFolderError} when it cannot be loaded
   * @throws {DeviceError} when this machine does not have the device
   */
  readonly ready: Promise<ServedModel>;
  /** Resolves with the reason when no worker is left. */
  readonly failed: Promise<Error>;
  /** The run that is shown, if one is. */
  readonly training?: TrainingDesk;
  /**
   * Takes no more requests, lets those that are open be answered, and ends.
   *
   * @param seconds how long to wait for them
   * @returns whether all were answered
   */
  drain(seconds: number): Promise<boolean>;
}

/** A server cannot listen; the message says why. */
class ListenError extends Error {
  override readonly name = "ListenError";
}

/**
 * Serves a trained model by HTTP: listens at once, and answers as soon as the model is loaded.
 *
 * @throws {ModelFolderError} when the folder holds no model
 * @throws {ListenError} when the address is not to be had
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { folder, device, precision, threads, workers, limits, name, host } = options;
  const metrics = new Metrics();
  const model = new CurrentModel({ device, precision, threads, workers, limits, metrics });
  const training = options.training && (await trainingOf(options, options.training, model));
  const { commands = false, files = [] } = options.training ?? {};
  const awaited = commands || (training !== undefined && training.now.state !== "none");
  if (!awaited || (await holdsModel(folder))) {
    await kindOfModel(folder);
    void model.open(folder).catch(() => {}); // who waits for it is told
  }
  const since = Math.floor(Date.now() / 1000);
  const serving: Serving = { inference: model, limits, metrics, name, since, draining: false };
  const open = new OpenRequests();
  const runs = join(folder, "runs");
  const office = training && new TrainingOffice({ desk: training, commands, files, runs });
  const app = await makeApp({ ...options, training: office, serving, open });
  try {
    // One address for one name: localhost may be several.
    await app.listen({ host: host === "localhost" ? "127.0.0.1" : host, port: options.port });
  } catch (error) {
    await model.end();
    throw listenError(error, options);
  }
  const { address, port } = app.server.address() as AddressInfo;
  return {
    url: `http://${address.includes(":") ? `[${address}]` : address}:${port}`,
    port,
    ready: model.ready,
    failed: model.failed,
    ...(training && { training }),
    async drain(seconds) {
      serving.draining = true;
      const over = training?.end();
      const closed = app.close();
      const late = new AbortController();
      const answered = await Promise.race([
        open.none().then(() => true),
        sleep(seconds * 1000, false, { signal: late.signal }),
      ]);
      late.abort();
      app.server.closeAllConnections();
      await Promise.all([closed, over]);
      await model.end();
      return answered;
    },
  };
}

/** The run of the folder; a model that it writes answers from then on. */
function trainingOf(
  { folder, device, tell }: ServerOptions,
  { threads, onEvent }: ServedTraining,
  model: CurrentModel,
) {
  const onModel = (written: string) => {
    model.open(written).catch(({ message, stack }: Error) => tell({ type: "error", message, stack }));
  };
  return TrainingDesk.open({ folder, device, threads, onEvent, onModel });
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there; choose another --port, or 0 for any",
  EACCES: "permission denied; ports below 1024 are for the system",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "there is no such host",
};

function listenError(error: unknown, { host, port }: Pick<ServerOptions, "host" | "port">): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new ListenError(`cannot listen on ${host}, port ${port}: ${REASONS[code ?? ""] ?? message}`, { cause: error });
}
