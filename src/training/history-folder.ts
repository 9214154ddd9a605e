import { closeSync, openSync, writeSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../formats/atomic-write.ts";
import type { StartEvent } from "./events.ts";
import type { Film } from "./film.ts";
import type { HistoryEvent } from "./run-events.ts";

/** Steps of a run that its history has at most, about. */
const MOST_STEPS = 4000;

/**
 * The history of a run in its folder: `history/events.jsonl`, an event a line (of many steps every n-th, the first and the last), and
 * `history/film.json`. A run that goes on drops what came after its checkpoint, and ends with the history of
 * a run never interrupted.
 */
export class HistoryFolder {
  readonly #folder: string;
  /** What comes before the start. */
  readonly #before: HistoryEvent[] = [];
  #file: number | undefined;
  #stride = 1;
  #lastStep = 0;

  /** @param out the folder of the run */
  constructor(out: string) {
    this.#folder = historyOf(out);
  }

  /** Removes what is there. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Adds an event. The start opens the file; what the run has come back behind is dropped then. */
  async write(event: HistoryEvent): Promise<void> {
    if (event.type === "start") await this.#open(event);
    else if (this.#file === undefined) this.#before.push(event);
    else if (event.type !== "step" || this.#keeps(event.step)) {
      // At once: a checkpoint must not be ahead of the history, whatever ends the process.
      writeSync(this.#file, lineOf(event));
    }
  }

  #keeps(step: number): boolean {
    return step === 1 || step === this.#lastStep || step % this.#stride === 0;
  }

  /** The film so far, without frames that the run has come back behind. */
  async film({ resumedAt }: StartEvent): Promise<Film | undefined> {
    const film = await readFilm(this.#folder);
    return film && { ...film, frames: film.frames.filter(({ step }) => step <= resumedAt) };
  }

  async saveFilm({ sentences, frames }: Film): Promise<void> {
    const written = frames.map(({ step, weights }) => ({
      step,
      weights: weights.map((bytes) => Buffer.from(bytes).toString("base64")),
    }));
    await writeAtomically(join(this.#folder, FILM), `${JSON.stringify({ sentences, frames: written })}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  async #open(start: StartEvent): Promise<void> {
    this.#lastStep = start.totalSteps;
    this.#stride = Math.max(1, Math.ceil(start.totalSteps / MOST_STEPS));
    const old = start.resumedAt > 0 ? await readEvents(this.#folder) : [];
    const gone = old.findIndex((event) => isBehind(event, start));
    const kept = gone === -1 ? old : old.slice(0, gone);
    const events = [...(kept.length > 0 ? kept : this.#before), start];
    const path = join(this.#folder, EVENTS);
    await writeAtomically(path, events.map(lineOf).join(""));
    this.#file = openSync(path, "a");
  }
}

const EVENTS = "events.jsonl";
const FILM = "film.json";

/** What happened in the run of a folder; empty where nothing is known. */
export async function readHistory(out: string): Promise<HistoryEvent[]> {
  return readEvents(historyOf(out));
}

/** The film of the run of a folder, if it has one. */
export async function readRunFilm(out: string): Promise<Film | undefined> {
  return readFilm(historyOf(out));
}

function historyOf(out: string): string {
  return join(out, "history");
}

function lineOf(event: HistoryEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Whether an event will happen again in a run that goes on from this start. */
function isBehind(event: HistoryEvent, { resumedAt, epoch }: StartEvent): boolean {
  if (event.type === "epoch" || event.type === "validation") return event.epoch >= epoch;
  if (event.type === "data") return false;
  if (event.type === "start") return event.resumedAt > resumedAt;
  return "step" in event ? event.step > resumedAt || event.type === "end" : true;
}

async function readEvents(folder: string): Promise<HistoryEvent[]> {
  const text = await readIfThere(join(folder, EVENTS));
  // A crash may have cut the last line.
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as HistoryEvent);
}

async function readFilm(folder: string): Promise<Film | undefined> {
  const text = await readIfThere(join(folder, FILM));
  if (text === "") return undefined;
  const { sentences, frames } = JSON.parse(text) as Pick<Film, "sentences"> & {
    frames: { step: number; weights: string[] }[];
  };
  const decoded = frames.map(({ step, weights }) => ({
    step,
    weights: weights.map((base64) => new Uint8Array(Buffer.from(base64, "base64"))),
  }));
  return { sentences, frames: decoded };
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return "";
    throw error;
  });
}
