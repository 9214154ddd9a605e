import type { ModelCard } from "../../src/studio/wire.ts";
import type { Backend } from "../backend/backend.ts";
import { BackendError } from "../backend/backend-error.ts";
import type { Store } from "./store.ts";

/** What is known of the model: nothing yet, that there is none, that a token is wanted to ask, that it cannot be opened, or what it is. */
export type Loaded =
  | { readonly state: "loading" | "none" | "locked" }
  | { readonly state: "broken"; readonly error: BackendError }
  | ModelLoaded;

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
/** How often one that is loading its model is asked for it, in milliseconds. */
const SOON = 300;
/** After how many beats a server that can train is asked whether its model is another one by now. */
const RENEWAL = 5;
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
  let beats = 0;
  while (!signal.aborted) {
    // A heart that does not beat within two beats has stopped.
    const there = await backend.alive(AbortSignal.any([signal, AbortSignal.timeout(2 * BEAT)]));
    if (signal.aborted) return;
    const before = connection.get();
    const renewal: boolean = known && backend.offers.training === "live" && ++beats % RENEWAL === 0;
    const told: Loaded | undefined = there && (!known || renewal) ? await modelOf(backend) : undefined;
    if (signal.aborted) return;
    // One that is to be trained yet may be there at the next beat.
    known = there && (known || (told !== undefined && told.state !== "none"));
    const loading = there && !known && !told;
    // One that is loading its model again answers nothing yet of what the page goes on to ask.
    const answers = there && !(loading && before.model.state === "ready");
    const now = {
      there: answers,
      model: told === undefined || (renewal && told.state !== "ready") ? before.model : told,
    };
    if (JSON.stringify(now) !== JSON.stringify(before)) connection.set(now);
    failures = there ? 0 : failures + 1;
    const pause = there ? (loading ? SOON : BEAT) : RETRIES[Math.min(failures, RETRIES.length) - 1];
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Nothing where the answer broke off. */
async function modelOf(backend: Backend): Promise<Loaded | undefined> {
  try {
    return { state: "ready", card: await backend.model() };
  } catch (error) {
    if (!(error instanceof BackendError)) return undefined;
    if (error.code === "no_model") return { state: "none" };
    if (error.code === "unauthorized") return { state: "locked" };
    // A server may have it later.
    return backend.progress ? { state: "broken", error } : undefined;
  }
}
