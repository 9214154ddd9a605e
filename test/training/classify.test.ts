import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLabelled } from "../../src/data/labelled-texts.ts";
import { labelsOf } from "../../src/formats/classifier-config.ts";
import { loadClassifier } from "../../src/formats/model-folder.ts";
import type { ClassifyOptions } from "../../src/training/classify-options.ts";
import { evaluateTexts } from "../../src/training/evaluate-texts.ts";
import { openClassifier } from "../../src/training/open-model.ts";
import { prepareTexts } from "../../src/training/prepare-texts.ts";
import { type TrainingRun, trainFolder } from "../../src/training/run.ts";
import type { RunEvent } from "../../src/training/run-events.ts";
import { type RunOptions, runOptions } from "../../src/training/run-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-classify-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
function write(name: string, content: string): string {
  writeFileSync(at(name), content);
  return at(name);
}

const SUBJECTS = ["film", "song", "book", "meal", "play", "trip", "show", "game"];
const GOOD = ["good", "lovely", "great"];
const BAD = ["bad", "awful", "poor"];
const rowsOf = (words: readonly string[], label: string) =>
  SUBJECTS.flatMap((subject) => words.map((word) => `the ${subject} was ${word},${label}\n`));
const reviews = write("reviews.csv", `text,label\n${rowsOf(GOOD, "+").join("")}${rowsOf(BAD, "-").join("")}`);

const classifier = (changes: Partial<ClassifyOptions> = {}) =>
  runOptions("reviews", {
    ...{ dModel: 8, hiddenSize: 6, attentionUnits: 4, denseUnits: 8, maxLength: 12 },
    ...{ tokenizer: "word", vocabularySize: 64, batchSize: 8, accumulate: 1, epochs: 3 },
    ...{ warmupSteps: 2, validFraction: 0.25, emaDecay: 0 },
    ...changes,
  });

async function eventsOf(run: Omit<TrainingRun, "engine">): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of trainFolder({ ...run, engine: await testEngine() })) events.push(event);
  return events;
}
const weightsIn = (out: string) => readFileSync(join(out, "model.safetensors"));

describe("prepareTexts", () => {
  const prepared = async (rows: string, changes: Partial<ClassifyOptions> = {}, valid?: string) => {
    const file = await readLabelled(write("rows.csv", `text,label\n${rows}`));
    const heldOut = valid === undefined ? undefined : await readLabelled(write("valid.csv", `text,label\n${valid}`));
    return prepareTexts(file, classifier({ validFraction: 0, ...changes }), heldOut);
  };

  it("numbers the classes in their natural order and cuts texts that are too long", async () => {
    const rows = ["a b c,10", "b c d e,2", "c d e f,9", "a f,10", "a b,2", "c,9"].map((row) => `${row}\n`).join("");
    for (const truncate of ["start", "end"] as const) {
      const { labels, data, report, tokenizer, leak } = await prepared(rows, { maxLength: 3, truncate });
      expect(labels).toEqual(["2", "9", "10"]);
      expect(data.train.map(({ label }) => label)).toEqual([2, 0, 1, 2, 0, 1]);
      expect(tokenizer.decode(data.train[1].ids)).toBe(truncate === "start" ? "c d e" : "b c d");
      expect(report.cut).toEqual({ maxLength: 3, texts: 2 });
      expect(leak).toBeUndefined();
    }
  });

  it("learns its words from the texts to learn from, and counts held-out ones that were seen", async () => {
    const { data, tokenizer, leak } = await prepared("good good,+\nbad bad,-\n", {}, "Good Good!,+\nnew new,-\n");
    expect(tokenizer.pieces(data.valid![0].ids)).toEqual(["▁good", "▁good", "<unk>"]);
    expect(tokenizer.pieces(data.valid![1].ids)).toEqual(["<unk>", "<unk>"]);
    expect(leak).toMatchObject({ texts: 0.5 });
  });

  it("leaves out texts without words, and reports them", async () => {
    const { data, report } = await prepared("good good,+\n!!!,+\nbad bad,-\n?,-\n", { punctuation: "dropped" });
    expect(data.train).toHaveLength(2);
    expect(report).toMatchObject({ rows: 4, kept: 2, dropped: [{ reason: "no words", count: 2, firstLine: 3 }] });
  });

  it.each<[string, string, Partial<ClassifyOptions>, string | undefined, RegExp]>([
    [
      "one class only",
      "good,+\nfine,+\n",
      {},
      undefined,
      /rows\.csv: all 2 texts have the label \+; a classifier wants at least two classes, so check --label$/,
    ],
    [
      "as many labels as texts",
      "good,1\nfine,2\nbad,3\n",
      {},
      undefined,
      /rows\.csv: column "label" has 3 different labels for 3 texts, .*; choose another column with --label$/,
    ],
    [
      "a held-out label that training does not know",
      "good,+\nbad,-\n",
      {},
      "good,+\nso so,0\n",
      /valid\.csv, line 3: the label 0 is none of the classes: they are (-, \+|\+, -)$/,
    ],
    [
      "texts of marks only",
      "!!!,+\n??,-\n",
      { punctuation: "dropped" },
      undefined,
      /rows\.csv: no text to learn from has words$/,
    ],
    [
      "one class only once texts without words are left out",
      "good,+\nfine,+\n!!!,-\n??,-\n",
      { punctuation: "dropped" },
      undefined,
      /rows\.csv: of the texts to learn from only those of the label \+ have words; a classifier wants at least two classes$/,
    ],
    [
      "held-out texts of marks only",
      "good,+\nbad,-\n",
      { punctuation: "dropped" },
      "!!!,+\n",
      /valid\.csv: no held-out text has words$/,
    ],
  ])("refuses %s", async (_, rows, changes, valid, message) => {
    await expect(prepared(rows, changes, valid)).rejects.toThrow(message);
  });

  it("names only some of many classes", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `text ${i},${i}\nother ${i},${i}\n`).join("");
    await expect(prepared(rows, {}, "x,77\n")).rejects.toThrow(
      /they are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more$/,
    );
  });
});

describe("trainFolder with labelled texts", () => {
  it("tells what happens, and leaves a classifier", async () => {
    const out = at("model");
    const options = classifier({ epochs: 12, learningRate: 0.02, dropout: 0, denseDropout: 0 });
    const events = await eventsOf({ data: reviews, out, options });
    // The run is looked at twelve times, which here is after each epoch's last step.
    const step = ["step", "step", "step", "step", "step", "samples"];
    const epoch = [...step, "epoch", "validation", "samples", "checkpoint"];
    expect(events.map(({ type }) => type)).toEqual([
      "data",
      "start",
      "samples",
      ...Array.from({ length: 12 }, () => epoch).flat(),
      "end",
      "saved",
    ]);
    expect(events[0]).toMatchObject({
      task: "classify",
      file: reviews,
      columns: { text: "text", label: "label" },
      labels: expect.arrayContaining(["+", "-"]),
      report: { rows: 48, kept: 48, duplicates: 0, contradictions: 0 },
      leak: { texts: 0 },
      train: 36,
      valid: 12,
    });
    const samples = events.find((event) => event.type === "samples")!.samples;
    expect(samples).toHaveLength(5);
    for (const { source, answer, expected } of samples) {
      expect(source).toMatch(/^the \w+ was \w+$/);
      expect(["+", "-"]).toContain(answer);
      expect(expected).toBe(GOOD.some((word) => source.endsWith(word)) ? "+" : "-");
    }
    expect(events.at(-1)).toEqual({ type: "saved", folder: out });

    const { config } = await loadClassifier(out);
    expect([...labelsOf(config)].sort()).toEqual(["+", "-"]);
    const opened = await openClassifier(out);
    const { accuracy, loss, texts } = await evaluateTexts(opened, await readLabelled(reviews));
    expect({ accuracy, texts }).toEqual({ accuracy: 1, texts: 48 });
    expect(loss).toBeLessThan(0.3);
    const strange = await readLabelled(write("strange.csv", "text,label\nthe film was good,+\nthe film was so so,0\n"));
    await expect(evaluateTexts(opened, strange)).rejects.toThrow(
      /strange\.csv, line 3: the label 0 is none of the classes: they are/,
    );
    await opened.judge.release();
  });

  it("keeps the weights of the lowest held-out loss, or the last", async () => {
    // Held-out texts say the opposite: the more is learnt, the worse.
    const valid = write("opposite.csv", `text,label\n${rowsOf(GOOD, "-").join("")}${rowsOf(BAD, "+").join("")}`);
    const trained = async (name: string, changes: Partial<ClassifyOptions>) => {
      const options = classifier({ schedule: "constant", learningRate: 0.02, epochs: 4, ...changes });
      const events = await eventsOf({ data: reviews, valid, out: at(name), options });
      const validations = events.filter((event) => event.type === "validation");
      return { end: events.find((event) => event.type === "end")!, validations, weights: weightsIn(at(name)) };
    };
    const best = await trained("best", { keepWeights: "best" });
    const last = await trained("last", { keepWeights: "last" });
    expect(last.validations).toEqual(best.validations);
    const losses = best.validations.map(({ measured }) => measured!.loss);
    const lowest = losses.indexOf(Math.min(...losses));
    expect(lowest).toBeLessThan(3);

    expect(best.end).toMatchObject({ step: 24, keptStep: 6 * (lowest + 1), validation: { loss: losses[lowest] } });
    expect(last.end).toMatchObject({ step: 24, keptStep: 24, validation: { loss: losses[3] } });
    expect(best.weights.equals(last.weights)).toBe(false);
    const short = await trained("short", { keepWeights: "last", epochs: lowest + 1 });
    expect(best.weights.equals(short.weights)).toBe(true);
  });
});

describe("a run that is left again and again goes on to the same bytes", () => {
  const pairs = write(
    "pairs.csv",
    `source,target\n${SUBJECTS.flatMap((a) => GOOD.map((b) => `is the ${a} ${b}?,the ${a} is ${b}\n`)).join("")}`,
  );
  const small = { ...{ dModel: 8, dropout: 0.2, vocabularySize: 64 }, tokenizer: "word" as const };
  const learning = { batchSize: 4, epochs: 3, warmupSteps: 2, validFraction: 0.25 };
  const cases: [what: string, data: string, options: RunOptions, left: number][] = [
    ["a recurrent classifier", reviews, classifier({ numLayers: 2, batchSize: 12, accumulate: 2, emaDecay: 0.9 }), 2],
    [
      "a recurrent encoder-decoder",
      pairs,
      runOptions("small", { ...small, ...learning, model: "recurrent", cell: "gru", numLayers: 1 }),
      5,
    ],
    [
      "a translation with weights that are averaged",
      pairs,
      runOptions("translation", {
        ...{ ...small, ...learning, tokenizer: "bpe", vocabularySize: 400, numLayers: 1, numHeads: 2, dFeedForward: 8 },
        ...{ bpeDropout: 0.3, emaDecay: 0.9, average: 2, metric: "chrf" },
      }),
      5,
    ],
  ];

  it.each(cases)("%s", async (what, data, options, stepsPerEpoch) => {
    const whole = await eventsOf({ data, options, out: at(`whole ${what}`) });
    expect(whole.find((event) => event.type === "start")).toMatchObject({ stepsPerEpoch });

    // In an epoch, after its last step, after it was measured, and when all is done but the model is not yet written.
    const places: ((event: RunEvent) => boolean)[] = [
      (event) => event.type === "step" && event.step === 1,
      (event) => event.type === "step" && event.step === stepsPerEpoch,
      (event) => event.type === "validation" && event.epoch === 1,
      (event) => event.type === "step" && event.step === 2 * stepsPerEpoch + 1,
      (event) => event.type === "end",
    ];
    const out = at(`left ${what}`);
    const seen: RunEvent[] = [];
    const resumedAt: number[] = [];
    for (const place of [...places, () => false]) {
      for await (const event of trainFolder({ data, options, out, engine: await testEngine(), resume: true })) {
        seen.push(event);
        if (event.type === "start") resumedAt.push(event.resumedAt);
        if (place(event)) break;
      }
    }
    const [steps, total] = [stepsPerEpoch, 3 * stepsPerEpoch];
    expect(resumedAt).toEqual([0, 1, steps, steps, 2 * steps + 1, total]);
    const measured = (events: RunEvent[]) => events.filter((event) => event.type === "validation");
    expect(measured(seen)).toEqual(measured(whole));
    expect(seen.at(-1)).toMatchObject({ type: "saved" });
    expect(weightsIn(out).equals(weightsIn(at(`whole ${what}`)))).toBe(true);
  });
});
