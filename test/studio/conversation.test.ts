import { beforeEach, describe, expect, it, vi } from "vitest";
import type { GenerateEvent } from "../../src/studio/wire.ts";
import type { Backend } from "../../studio/backend/backend.ts";
import { BackendError, BackendGone } from "../../studio/backend/backend-error.ts";
import { ask, conversation, forgetOthers, stop } from "../../studio/talk/conversation.ts";

vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw));
vi.stubGlobal("cancelAnimationFrame", clearTimeout);

const SOURCE: GenerateEvent = { type: "src", gen: "g", toks: [], words: [], cut: 0 };
const done = (text: string): GenerateEvent => ({ type: "done", text, words: [text], nbest: [], ms: 1, att: "a" });

/** A server that tells what it is given to tell, and fails when it is given an error. */
function server() {
  const stream = new TransformStream<GenerateEvent, GenerateEvent>(undefined, { highWaterMark: 9 });
  const told = stream.writable.getWriter();
  const generate: Backend["generate"] = async function* (_, signal) {
    const events = stream.readable.getReader();
    const stopped = new Promise<never>((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
    for (;;) {
      const { done, value } = await Promise.race([events.read(), stopped]);
      if (done) return;
      yield value;
    }
  };
  return { backend: { generate } as Backend, told };
}

const shown = () => conversation.get().turns.map(({ answer }) => [answer.request.src, answer.state, answer.done?.text]);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const ANSWERED = ["비가 와", "done", "우산"];

describe("a turn that another is to take the place of", () => {
  let instead: number;
  beforeEach(async () => {
    forgetOthers("nobody");
    const { backend, told } = server();
    const over = ask(backend, { src: "비가 와" }, { model: "m" });
    for (const event of [SOURCE, done("우산")]) await told.write(event);
    await told.close();
    await over;
    expect(shown()).toEqual([ANSWERED]);
    instead = conversation.get().onStage!;
  });

  it("stays until there is something to show", async () => {
    const { backend, told } = server();
    const over = ask(backend, { src: "비가 와", beam: 2 }, { model: "m", instead });
    await settled();
    expect(shown()).toEqual([ANSWERED]);
    expect(conversation.get().coming).toEqual({ src: "비가 와", beam: 2 });
    await told.write(SOURCE);
    await settled();
    expect(shown()).toEqual([["비가 와", "writing", undefined]]);
    expect(conversation.get().coming).toBeUndefined();
    await told.write(done("장화"));
    await told.close();
    await over;
    expect(shown()).toEqual([["비가 와", "done", "장화"]]);
  });

  it("stays where nobody answers or the question is taken back, not where the answer is an error", async () => {
    const gone = server();
    const first = ask(gone.backend, { src: "비가 와", beam: 2 }, { model: "m", instead });
    await gone.told.abort(new BackendGone());
    await first;
    expect([shown(), conversation.get().coming]).toEqual([[ANSWERED], undefined]);
    const second = ask(server().backend, { src: "비가 와", beam: 2 }, { model: "m", instead });
    stop();
    await second;
    expect([shown(), conversation.get().coming]).toEqual([[ANSWERED], undefined]);
    const wrong = server();
    const third = ask(wrong.backend, { src: "비가 와", beam: 99 }, { model: "m", instead });
    await wrong.told.abort(new BackendError("invalid_value", { ko: "안 됩니다", en: "no" }));
    await third;
    expect(shown()).toEqual([["비가 와", "failed", undefined]]);
  });

  it("tells an answer that broke off from one that was stopped, and is forgotten with its model", async () => {
    const { backend, told } = server();
    const broken = ask(backend, { src: "안녕" }, { model: "m" });
    await told.abort(new BackendGone());
    await broken;
    const stopped = ask(server().backend, { src: "배가 고파" }, { model: "m" });
    stop();
    await stopped;
    expect(shown().map(([, state]) => state)).toEqual(["done", "broken", "stopped"]);
    const late = ask(server().backend, { src: "늦은 말" }, { model: "m" });
    forgetOthers("other");
    await late;
    expect(shown()).toEqual([]);
  });
});
