import type { ModelCard } from "../../src/studio/wire.ts";
import type { Backend } from "../backend/backend.ts";
import { BackendError } from "../backend/backend-error.ts";
import type { Store } from "./store.ts";

/** What is known of the model: nothing yet, that there is none, or what it is. */
export type Loaded = { readonly state: "loading" } | { readonly state: "none" } | ModelLoaded;

interface ModelLoaded {
  readonly state: "ready";
  readonly card: ModelCard;
}

export interface Connection {
  readonly there: boolean;
  readonly model: Loaded;
}

/** How often a server that answers is asked whether it still does, in milliseconds. */
const BEAT = 1000;
/** How long to wait between attempts to find one that does not, in milliseconds. */
const RETRIES = [1000, 2000, 4000, 8000];

/** Loads the model, and from then on watches whether anybody is there; returns how to stop. */
export function watchBackend(backend: Backend, connection: Store<Connection>): () => void {
  const life = new AbortController();
  void watch(backend, connection, life.signal);
  return () => life.abort();
}

async function watch(backend: Backend, connection: Store<Connection>, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let known = false;
  while (!signal.aborted) {
    // A heart that does not beat within two beats has stopped.
    const there = await backend.alive(AbortSignal.any([signal, AbortSignal.timeout(2 * BEAT)]));
    if (signal.aborted) return;
    if (there && !known) {
      const model = await modelOf(backend);
      known = model !== undefined;
      if (model) connection.set({ there, model });
    } else if (there !== connection.get().there) {
      connection.set({ ...connection.get(), there });
    }
    if (!there) known = false;
    failures = known ? 0 : failures + 1;
    const pause = known ? BEAT : RETRIES[Math.min(failures, RETRIES.length) - 1];
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Nothing where the answer broke off. */
async function modelOf(backend: Backend): Promise<Loaded | undefined> {
  try {
    return { state: "ready", card: await backend.model() };
  } catch (error) {
    return error instanceof BackendError && error.code === "no-model" ? { state: "none" } : undefined;
  }
}
