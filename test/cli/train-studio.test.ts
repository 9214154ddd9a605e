import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import type { TrainingMoment } from "../../src/studio/training-wire.ts";
import { readHistory } from "../../src/training/history-folder.ts";
import { savedStep } from "../../src/training/run.ts";
import { begin, eventsOf, until } from "../server/running.ts";
import { at, PAIRS, start, TINY, write } from "./command.ts";

const STEPS = 25;

it("jumok train --studio shows the page what it prints, and Ctrl-C stops and saves the run", async () => {
  const out = at("watched");
  const words = ["train", write("pairs.csv", PAIRS), "--out", out, ...TINY, "--epochs", "400", "--batch-size", "8"];
  const child = start([...words, "--studio", "--port", "0", "--json"]);
  const over = once(child, "close");
  // biome-ignore lint/suspicious/noExplicitAny: whatever was printed
  const printed: any[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => printed.push(JSON.parse(line)));
  await until(() => printed.length > 0);
  const { type, url } = printed.shift();
  expect({ type, url }).toEqual({ type: "studio", url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#train$/) });

  const seen: TrainingMoment[] = [];
  for await (const { data } of eventsOf(await begin(new URL("/api/train/live", url).href, {}))) {
    if (data === "") continue;
    seen.push(JSON.parse(data));
    // A second one would end the process at once.
    if (seen.at(-1)!.step >= STEPS && !child.killed) child.kill("SIGINT");
  }
  expect(await over).toEqual([130, null]);

  const ended = printed.pop();
  expect(ended).toMatchObject({ type: "stopped", state: "stopped" });
  expect(ended.step).toBeGreaterThanOrEqual(STEPS);
  expect(await savedStep(out)).toBe(ended.step);
  expect(await readHistory(out)).toEqual(printed);
  const steps = printed.filter((event) => event.type === "step");
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: ended.step }, (_, i) => i + 1));
  const shown = new Map(seen.flatMap((moment) => (moment.loss === null ? [] : [[moment.step, moment]])));
  expect(shown.size).toBeGreaterThanOrEqual(10);
  for (const { step, loss, acc, lr } of shown.values()) {
    const { loss: told, accuracy, learningRate } = steps[step - 1];
    expect({ loss, acc, lr }).toEqual({ loss: told, acc: accuracy, lr: learningRate });
  }
});
