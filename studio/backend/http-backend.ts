import type { ErrorEvent } from "../../src/studio/wire.ts";
import { authorization } from "../app/access.ts";
import type { Backend } from "./backend.ts";
import { BackendError, BackendGone } from "./backend-error.ts";
import { readEvents } from "./event-stream.ts";

/** The server that gave out this page. */
export const httpBackend: Backend = {
  offers: { lettering: true, training: "live" },
  alive: async (signal) => {
    try {
      const response = await fetch("health", { signal, cache: "no-store" });
      // Read to its end, or the signal would break it off later.
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  },
  model: (signal) => json("api/model", { signal }),
  generate: (request, signal) => events("api/generate", { ...posted(request), signal }),
  attention: (att, kind, signal) => bytes(`api/att/${part(att)}?kind=${kind}`, { signal }),
  head: async (att, kind, layer, head, signal) =>
    new Float32Array(await bytes(`api/att/${part(att)}/${kind}/${layer}/${head}`, { signal })),
  cell: (address, signal) => json(`api/cell?${query(address)}`, { signal }),
  occlude: (request, signal) => events("api/occlude", { ...posted(request), signal }),
  lesson: (screen, fields, signal) => json(`api/how/${screen}`, { ...posted(fields), signal }),
  outline: (request, signal) => json("api/outline", { ...posted(request), signal }),
  font: (text, weight, signal) => bytes("api/font", { ...posted({ text, wght: weight }), signal }),
  trainingStatus: (signal) => json("api/train", { signal }),
  trainingHistory: (signal) => json("api/train/history", { signal }),
  trainingLive: (signal) => events("api/train/live", { signal }),
  trainingSamples: (signal) => json("api/train/samples", { signal }),
  trainingFilm: (example, signal) => bytes(`api/train/film?x=${example}`, { signal }),
  train: (command) => json("api/train", posted(command)),
};

const part = encodeURIComponent;

function query(fields: object): string {
  return new URLSearchParams(Object.entries(fields).map(([key, value]) => [key, String(value)])).toString();
}

function posted(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function answered(path: string, options: RequestInit): Promise<Response> {
  const asked = { ...options, headers: { ...options.headers, ...authorization() } };
  const response = await orGone(fetch(path, asked), options.signal);
  if (response.ok) return response;
  const told = (await response.json().catch(() => ({}))) as Partial<ErrorEvent>;
  const plain = `${response.status} ${response.statusText}`.trim();
  throw errorOf({ type: "error", code: String(response.status), ko: plain, en: plain, ...told });
}

async function json<Body>(path: string, options: RequestInit): Promise<Body> {
  const response = await answered(path, options);
  return orGone(response.json() as Promise<Body>, options.signal);
}

async function bytes(path: string, options: RequestInit): Promise<ArrayBuffer> {
  const response = await answered(path, options);
  return orGone(response.arrayBuffer(), options.signal);
}

async function* events<Event extends object>(path: string, options: RequestInit): AsyncGenerator<Event> {
  const response = await answered(path, { ...options, headers: { ...options.headers, accept: "text/event-stream" } });
  const streamed = readEvents(response.body!);
  try {
    for (;;) {
      const { done, value } = await orGone(streamed.next(), options.signal);
      if (done) return;
      const event = JSON.parse(value.data) as Event | ErrorEvent;
      if (isError(event)) throw errorOf(event);
      yield event;
    }
  } finally {
    await streamed.return(undefined);
  }
}

function isError(event: object): event is ErrorEvent {
  return "type" in event && event.type === "error";
}

function errorOf({ code, ko, en }: ErrorEvent): BackendError {
  return new BackendError(code, { ko, en });
}

/** Tells a connection that broke from one that was given up. */
async function orGone<Value>(value: Promise<Value>, signal: AbortSignal | null | undefined): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new BackendGone(error);
  }
}
