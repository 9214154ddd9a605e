import type { GenerateEvent, GenerateRequest } from "../../src/studio/wire.ts";
import { Store } from "../app/store.ts";
import type { Backend } from "../backend/backend.ts";
import { BackendError } from "../backend/backend-error.ts";
import { type Answer, begunAnswer, withEvent } from "./answer.ts";

/** A question with its answer. */
export interface Turn {
  readonly number: number;
  /** The id of the model that answers. */
  readonly model: string;
  readonly answer: Answer;
  /** The answer whose search found this one: its tree and its other sentences are shown beside. */
  readonly foundBy?: Answer;
}

export interface Conversation {
  readonly turns: readonly Turn[];
  /** The number of the turn that is on the stage. */
  readonly onStage?: number;
  /** What was asked to take the place of a turn, and has nothing to show yet. */
  readonly coming?: GenerateRequest;
}

/** All turns since the page was opened; going to another view and back keeps them. */
export const conversation = new Store<Conversation>({ turns: [] });

/** Whom a question is asked, and how. */
interface Asking {
  readonly model: string;
  readonly foundBy?: Answer;
  /** The turn that the new one takes the place of. */
  readonly instead?: number;
}

let running: AbortController | undefined;
let last = 0;

/**
 * Asks, and lets the answer grow in the conversation; an answer that is still being written is stopped. A turn whose
 * place is taken stays until there is something to show instead.
 */
export async function ask(backend: Backend, request: GenerateRequest, { model, foundBy, instead }: Asking) {
  stop();
  const life = new AbortController();
  running = life;
  const number = ++last;
  let answer = begunAnswer(request);
  let shown = false;
  const tell = () => {
    const { turns, onStage, coming } = conversation.get();
    const turn = { number, model, answer, ...(foundBy && { foundBy }) };
    const place = turns.findIndex((other) => other.number === (shown ? number : instead));
    if (shown && place < 0) return;
    conversation.set({
      turns: place < 0 ? [...turns, turn] : turns.with(place, turn),
      onStage: place < 0 || onStage === instead ? number : onStage,
      ...(shown && { coming }),
    });
    shown = true;
  };
  if (instead === undefined) tell();
  else conversation.set({ ...conversation.get(), coming: request });

  const frames = new Frames<GenerateEvent>((events) => {
    answer = events.reduce(withEvent, answer);
    tell();
  });
  try {
    for await (const event of backend.generate(request, life.signal)) frames.add(event);
    frames.flush();
    if (answer.state === "writing") answer = { ...answer, state: "stopped" };
  } catch (error) {
    frames.flush();
    if (error instanceof BackendError) answer = { ...answer, state: "failed", error: error.texts };
    else answer = { ...answer, state: life.signal.aborted ? "stopped" : "broken" };
  }
  if (shown || answer.state === "failed") tell();
  if (running === life) stop();
}

/** Stops what is being written; what has come of it stays. */
export function stop(): void {
  running?.abort();
  running = undefined;
  const { coming, ...rest } = conversation.get();
  if (coming) conversation.set(rest);
}

/** Puts a turn on the stage. */
export function putOnStage(number: number): void {
  conversation.set({ ...conversation.get(), onStage: number });
}

/** Forgets all turns unless they are this model's. */
export function forgetOthers(model: string): void {
  if (conversation.get().turns.every((turn) => turn.model === model)) return;
  stop();
  conversation.set({ turns: [] });
}

/** Gathers what comes between two frames of the screen. */
class Frames<Item> {
  readonly #draw: (items: Item[]) => void;
  #items: Item[] = [];
  #frame: number | undefined;

  constructor(draw: (items: Item[]) => void) {
    this.#draw = draw;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#frame ??= requestAnimationFrame(() => this.flush());
  }

  flush(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) this.#draw(items);
  }
}
