import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TrainingMoment, TrainingStatus } from "../../src/studio/training-wire.ts";
import type { Backend } from "../../studio/backend/backend.ts";
import { BackendError, BackendGone } from "../../studio/backend/backend-error.ts";
import { NO_CURVE } from "../../studio/training/curve.ts";
import { follow, run, trouble } from "../../studio/training/run-store.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, 16));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const now = { state: "run", step: 3, total: 9, looks: 0, runs: 0 } as TrainingMoment;
const draining = new BackendError("draining", { ko: "서버가 곧 꺼집니다.", en: "the server is about to end" });

/** A server whose next answers fail with these. */
function failingWith(...failures: Error[]): Backend {
  const answer = <Value>(value: Value) => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return value;
  };
  const backend: Partial<Backend> = {
    trainingLive: async function* (signal) {
      yield answer(now);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
    trainingStatus: async () => ({ film: [] as readonly string[] }) as TrainingStatus,
    trainingHistory: async () => ({ ...NO_CURVE, events: [] }),
    trainingSamples: async () => ({ prompts: [], expected: [], at: [] }),
  };
  return backend as Backend;
}

it("tells why a run cannot be followed, and goes on trying", async () => {
  const life = new AbortController();
  const following = follow(failingWith(draining, new BackendGone(), draining), life.signal);
  await vi.advanceTimersByTimeAsync(100);
  expect([run.get(), trouble.get()]).toEqual([undefined, draining]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(trouble.get()).toBe(draining);
  await vi.advanceTimersByTimeAsync(1000);
  expect(trouble.get()).toBeUndefined();
  expect(run.get()?.now).toBe(now);
  life.abort();
  await vi.advanceTimersByTimeAsync(1000);
  await following;
});

it("throws what is a mistake of the page", async () => {
  const following = follow(failingWith(new TypeError("x is not a function")), new AbortController().signal);
  await expect(following).rejects.toThrow(TypeError);
});
