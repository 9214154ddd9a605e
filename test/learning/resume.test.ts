import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type KilledRun, killAndResume, SMALL_TRAININGS, type WholeRun } from "../../scripts/kill-and-resume.ts";

// The long form is `npx tsx scripts/kill-and-resume.ts`.
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jumok-resume-"));
});
afterAll(() => rm(folder, { recursive: true }));

const PAIRS = Array.from({ length: 160 }, (_, i) => `${i} × ${i + 7} = ?\t${i * (i + 7)}`);
const TEXTS = Array.from({ length: 160 }, (_, i) => `number ${i} of ${i % 9} things\t${i % 2 ? "odd" : "even"}`);

it.each([
  { model: "transformer", rows: ["question\tanswer", ...PAIRS], epochs: 12 },
  { model: "recurrent", rows: ["question\tanswer", ...PAIRS], epochs: 8 },
  { model: "classifier", rows: ["text\tlabel", ...TEXTS], epochs: 5 },
] as const)(
  "a training that is killed twice and resumed ends at the same bytes as one never killed: $model",
  async ({ model, rows, epochs }) => {
    const data = join(folder, `${model}.tsv`);
    await writeFile(data, [...rows, ""].join("\n"));
    const runs: (WholeRun | KilledRun)[] = [];
    for await (const run of killAndResume({
      data,
      flags: [...SMALL_TRAININGS[model], "--epochs", `${epochs}`],
      kills: 0,
      chains: 1,
      killsOfChain: 2,
      intervals: [0.2],
      seed: 1,
      entry: "src",
    })) {
      runs.push(run);
    }
    expect(runs).toMatchObject([{}, { same: true }]);
    expect((runs[1] as KilledRun).kills.length).toBeGreaterThan(0);
  },
  180_000,
);
