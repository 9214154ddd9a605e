import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Film } from "../../src/training/film.ts";
import { HistoryFolder, readHistory, readRunFilm } from "../../src/training/history-folder.ts";
import { momentsOf } from "../../src/training/moments.ts";
import { type TrainingRun, trainFolder } from "../../src/training/run.ts";
import type { HistoryEvent, RunEvent } from "../../src/training/run-events.ts";
import { type RunOptions, runOptions } from "../../src/training/run-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-history-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

const SUBJECTS = ["cat", "dog", "fox", "bear", "deer", "hen"];
const DOES = ["sleeps", "eats", "runs", "sings"];
const pairs = at("pairs.tsv");
const sentences = SUBJECTS.flatMap((subject) => DOES.map((does) => [subject, does]));
writeFileSync(
  pairs,
  `source\ttarget\n${sentences.map(([subject, does]) => `the ${subject} ${does}\t${does} the ${subject}\n`).join("")}`,
);
const texts = at("texts.tsv");
writeFileSync(
  texts,
  `text\tlabel\n${sentences.map(([subject, does]) => `the ${subject} ${does}\t${does === "sings" ? "+" : "-"}\n`).join("")}`,
);

const small = { dModel: 16, dropout: 0.1, vocabularySize: 64, tokenizer: "word" as const };
const learning = { batchSize: 6, epochs: 5, warmupSteps: 4, learningRate: 0.02, validFraction: 0.25 };
const transformer = runOptions("translation", {
  ...{ ...small, ...learning, numLayers: 2, numHeads: 2, dFeedForward: 16, keepTogether: "none", bpeDropout: 0 },
});

async function run(given: Partial<TrainingRun> & Pick<TrainingRun, "out" | "options">, until = (_: RunEvent) => false) {
  const events: RunEvent[] = [];
  for await (const event of trainFolder({ data: pairs, engine: await testEngine(), ...given })) {
    events.push(event);
    if (until(event)) break;
  }
  return events;
}

const modelIn = (out: string) => readFileSync(join(out, "model.safetensors"));

/** Without what differs from run to run: how long things took, and where the model lies. */
function timeless(events: readonly HistoryEvent[]): unknown[] {
  return events
    .filter(({ type }) => type !== "start" && type !== "checkpoint")
    .map((event) => ({ ...event, tokensPerSecond: 0, secondsLeft: 0, seconds: 0, folder: "" }));
}

describe("the history of a run", () => {
  const out = at("whole");
  let events: RunEvent[];
  beforeAll(async () => {
    events = await run({ out, options: transformer });
  });

  it("is what the run told, event by event", async () => {
    expect(await readHistory(out)).toEqual(JSON.parse(JSON.stringify(events)));
  });

  it("changes nothing of what is trained", async () => {
    await run({ out: at("without"), options: transformer, history: false });
    expect(existsSync(at("without", "history"))).toBe(false);
    expect(modelIn(out).equals(modelIn(at("without")))).toBe(true);
  });

  it("has the answers to the same texts at each moment and after each epoch", () => {
    const looks = events.flatMap((event) => (event.type === "samples" ? [event] : []));
    const steps = new Set(looks.map(({ step }) => step));
    // Eighteen pairs to learn from are three steps an epoch.
    expect([...steps]).toEqual([...new Set([...momentsOf(15), 3, 6, 9, 12, 15])].sort((a, b) => a - b));
    for (const { samples } of looks) {
      expect(samples.map(({ source }) => source)).toEqual(looks[0].samples.map(({ source }) => source));
      for (const { probability } of samples) {
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    }
  });

  it("is the same when the run is left again and again, and its film too", async () => {
    const places: ((event: RunEvent) => boolean)[] = [
      (event) => event.type === "step" && event.step === 3,
      (event) => event.type === "validation" && event.epoch === 2,
      (event) => event.type === "samples" && event.step === 8,
      (event) => event.type === "end",
    ];
    for (const place of places) {
      await run({ out: at("left"), options: transformer, resume: true }, place);
      // As a crash may leave it.
      appendFileSync(at("left", "history", "events.jsonl"), '{"type":"step","epo');
    }
    await run({ out: at("left"), options: transformer, resume: true });
    expect(timeless(await readHistory(at("left")))).toEqual(timeless(await readHistory(out)));
    expect(await readRunFilm(at("left"))).toEqual(await readRunFilm(out));
    expect(modelIn(at("left")).equals(modelIn(out))).toBe(true);
    const starts = (await readHistory(at("left"))).flatMap((event) =>
      event.type === "start" ? [event.resumedAt] : [],
    );
    expect(starts).toEqual([0, 3, 6, 8, 15]);
  });

  it("is begun anew with the run", async () => {
    await run({ out: at("again"), options: transformer }, ({ type }) => type === "checkpoint");
    await run({ out: at("again"), options: transformer, overwrite: true }, ({ type }) => type === "start");
    expect((await readHistory(at("again"))).map(({ type }) => type)).toEqual(["data", "start", "samples"]);
    expect((await readRunFilm(at("again")))?.frames.map(({ step }) => step)).toEqual([0]);
  });

  it("tells where a loss became no number, until the run has come past it", async () => {
    const options = { ...transformer, learningRate: 1e30, schedule: "constant" as const, warmupSteps: 0 };
    await expect(run({ out: at("diverged"), options })).rejects.toThrow(/became (NaN|Infinity)/);
    const history = await readHistory(at("diverged"));
    expect(history.at(-1)).toMatchObject({ type: "diverged", message: expect.stringMatching(/learning rate/) });
  });

  it("of many steps has every n-th", async () => {
    const options = { ...transformer, numLayers: 1, epochs: 9000, batchSize: 24, validFraction: 0 };
    const begun = await run({ out: at("many"), options }, (event) => event.type === "step" && event.step === 20);
    expect(begun[1]).toMatchObject({ type: "start", totalSteps: 9000 });
    const kept = (await readHistory(at("many"))).flatMap((event) => (event.type === "step" ? [event.step] : []));
    expect(kept).toEqual([1, 3, 6, 9, 12, 15, 18]);
  });

  it("of many steps has the first and the last besides", async () => {
    const history = new HistoryFolder(at("long"));
    const extent = { parameters: 1, examples: 1, epochs: 1, stepsPerEpoch: 9251, peakStep: 1, resumedAt: 0, epoch: 1 };
    await history.write({ type: "start", ...extent, totalSteps: 9251 });
    const measured = { loss: 1, accuracy: 0, learningRate: 1, gradientNorm: 1, tokensPerSecond: 1, secondsLeft: 1 };
    for (let step = 1; step <= 9251; step++) await history.write({ type: "step", epoch: 1, step, ...measured });
    history.close();
    const steps = (await readHistory(at("long"))).flatMap((event) => (event.type === "step" ? [event.step] : []));
    expect([steps.slice(0, 3), steps.slice(-2)]).toEqual([
      [1, 3, 6],
      [9249, 9251],
    ]);
  });
});

describe("the film of a run", () => {
  const classifier = runOptions("short-texts", { ...learning, ...{ vocabularySize: 64, tokenizer: "word" } });
  const cases: [what: string, options: RunOptions, given: Partial<TrainingRun>, film: object][] = [
    ["a Transformer", transformer, {}, { kind: "cross", layers: 2, heads: 2 }],
    [
      "a recurrent model",
      runOptions("small", { ...small, ...learning, model: "recurrent", cell: "gru", numLayers: 1 }),
      {},
      { kind: "align", layers: 1, heads: 1 },
    ],
    [
      "a recurrent classifier",
      { ...classifier, model: "recurrent", attention: "bahdanau" } as RunOptions,
      { data: texts },
      { kind: "align", layers: 1, heads: 1 },
    ],
    [
      "a Transformer's encoder",
      { ...classifier, model: "transformer", dModel: 16, numLayers: 2, numHeads: 2, dFeedForward: 16 } as RunOptions,
      { data: texts },
      { kind: "enc", layers: 2, heads: 2 },
    ],
  ];

  it.each(cases)(
    "of %s has rows that sum to one, from the first step to the last",
    async (what, options, given, kind) => {
      const out = at(`film of ${what}`);
      const events = await run({ out, options, ...given });
      const total = events.flatMap((event) => (event.type === "start" ? [event.totalSteps] : []))[0];
      const { sentences, frames } = (await readRunFilm(out)) as Film;
      expect(frames.map(({ step }) => step)).toEqual([...momentsOf(total)]);
      expect(sentences).toHaveLength(3);
      for (const [i, sentence] of sentences.entries()) {
        expect(sentence).toMatchObject(kind);
        const { layers, heads, rows, columns } = sentence;
        for (const { weights } of frames) {
          expect(weights[i]).toHaveLength(layers * heads * rows.toks.length * columns.toks.length);
          for (let row = 0; row < weights[i].length; row += columns.toks.length) {
            const sum = weights[i].slice(row, row + columns.toks.length).reduce((all, u) => all + (u / 255) ** 2, 0);
            // A byte is at most half a step of √w away.
            expect(Math.abs(sum - 1)).toBeLessThan(columns.toks.length * 0.004);
          }
        }
      }
      expect(frames.at(-1)).not.toEqual({ ...frames[0], step: frames.at(-1)?.step });
    },
  );

  it("is not made of a model that does not attend", async () => {
    const options = runOptions("small", {
      ...{ ...small, ...learning, model: "recurrent", cell: "gru", numLayers: 1, attention: "none" },
    });
    const events = await run({ out: at("fixed"), options });
    expect(events.at(-1)).toMatchObject({ type: "saved" });
    expect(await readRunFilm(at("fixed"))).toBeUndefined();
  });
});
