import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type KilledRun, killAndResume, SMALL_TRAINING, type WholeRun } from "../../scripts/kill-and-resume.ts";

// The long form is `npx tsx scripts/kill-and-resume.ts`.
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jumok-resume-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("a training that is killed twice and resumed ends at the same bytes as one never killed", async () => {
  const data = join(folder, "pairs.tsv");
  const pairs = Array.from({ length: 160 }, (_, i) => `${i} × ${i + 7} = ?\t${i * (i + 7)}`);
  await writeFile(data, ["question\tanswer", ...pairs, ""].join("\n"));
  const runs: (WholeRun | KilledRun)[] = [];
  for await (const run of killAndResume({
    data,
    flags: [...SMALL_TRAINING, "--epochs", "30"],
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
}, 120_000);
