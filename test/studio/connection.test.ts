import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ModelCard } from "../../src/studio/wire.ts";
import { type Connection, watchBackend } from "../../studio/app/connection.ts";
import { Store } from "../../studio/app/store.ts";
import type { Backend } from "../../studio/backend/backend.ts";
import { BackendError } from "../../studio/backend/backend-error.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server with a model that changes, and what the page knows of it. */
function watched(training: "live" | "recorded") {
  const server = { alive: true, model: "first", asked: 0 };
  const backend: Pick<Backend, "offers" | "alive" | "model"> = {
    offers: { lettering: true, training },
    alive: async () => server.alive,
    model: async () => {
      server.asked++;
      if (server.model === "loading") throw new BackendError("loading", { ko: "", en: "" });
      if (server.model === "") throw new BackendError("no_model", { ko: "", en: "" });
      return { id: server.model } as ModelCard;
    },
  };
  const connection = new Store<Connection>({ there: true, model: { state: "loading" } });
  const stop = watchBackend(backend as Backend, connection);
  const shown = () => {
    const { there, model } = connection.get();
    return [there, model.state === "ready" ? model.card.id : model.state];
  };
  return { server, shown, stop };
}

it("shows a model as soon as it is there, and another that takes its place", async () => {
  const { server, shown, stop } = watched("live");
  server.model = "";
  await vi.advanceTimersByTimeAsync(100);
  expect(shown()).toEqual([true, "none"]);
  server.model = "first";
  await vi.advanceTimersByTimeAsync(1100);
  expect(shown()).toEqual([true, "first"]);
  server.model = "second";
  await vi.advanceTimersByTimeAsync(6000);
  expect(shown()).toEqual([true, "second"]);
  stop();
});

it("keeps the model that it knows while the server is away or cannot tell", async () => {
  const { server, shown, stop } = watched("live");
  await vi.advanceTimersByTimeAsync(100);
  server.model = "";
  await vi.advanceTimersByTimeAsync(6000);
  expect(shown()).toEqual([true, "first"]);
  server.alive = false;
  await vi.advanceTimersByTimeAsync(1100);
  expect(shown()).toEqual([false, "first"]);
  server.model = "first";
  server.alive = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(shown()).toEqual([true, "first"]);
  stop();
});

it("takes a server that was started again for gone until it has loaded its model", async () => {
  const { server, shown, stop } = watched("live");
  await vi.advanceTimersByTimeAsync(100);
  server.alive = false;
  await vi.advanceTimersByTimeAsync(1100);
  [server.alive, server.model] = [true, "loading"];
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown()).toEqual([false, "first"]);
  server.model = "first";
  await vi.advanceTimersByTimeAsync(400);
  expect(shown()).toEqual([true, "first"]);
  stop();
});

it("asks once where no training can change the model", async () => {
  const { server, stop } = watched("recorded");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(server.asked).toBe(1);
  stop();
});
