import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { CurrentModel } from "../../src/server/current-model.ts";
import { USUAL_LIMITS } from "../../src/server/limits.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { randomSeq2Seq } from "../formats/small-models.ts";
import { until } from "./running.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-current-"));
beforeAll(() => saveModelFolder(join(folder, "first"), randomSeq2Seq(), {}));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const currentModel = () => new CurrentModel({ workers: 1, threads: 1, limits: USUAL_LIMITS, metrics: new Metrics() });

/** The threads that are started from now on, and whether they are over. */
function threadsStarted() {
  const started = new Map<Worker, boolean>();
  const on = vi.spyOn(Worker.prototype, "on").mockImplementation(function (this: Worker, ...what) {
    if (!started.has(this)) {
      started.set(this, false);
      this.once("exit", () => started.set(this, true));
    }
    return this.addListener(...what);
  });
  return { started, done: () => on.mockRestore() };
}

it("ends the threads of a model that still loads, too", async () => {
  const { started, done } = threadsStarted();
  const model = currentModel();
  await model.open(join(folder, "first"));
  void model.open(join(folder, "first"));
  expect(started.size).toBe(2);
  await model.end();
  done();
  expect([...started.values()]).toEqual([true, true]);
});

it("tells when a later model has lost all its workers, and answers on where a later one cannot be loaded", async () => {
  const { started, done } = threadsStarted();
  const model = currentModel();
  await model.open(join(folder, "first"));
  await expect(model.open(join(folder, "nothing"))).rejects.toThrow();
  const early = await Promise.race([model.failed, new Promise((resolve) => setTimeout(resolve, 50, "answers"))]);
  expect(early).toBe("answers");

  const later = join(folder, "later");
  await saveModelFolder(later, randomSeq2Seq(), {});
  await model.open(later);
  rmSync(later, { recursive: true });
  [...started.keys()].at(-1)?.postMessage({ type: "end" });
  await until(() => [...started.values()].every((over) => over));
  expect((await model.failed).message).toContain(later);
  done();
  await model.end();
});
