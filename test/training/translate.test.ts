import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Pair } from "../../src/data/pair.ts";
import { readTrainingNotes } from "../../src/formats/model-folder.ts";
import { prepare } from "../../src/training/prepare.ts";
import { RunError, trainFolder } from "../../src/training/run.ts";
import type { RunEvent } from "../../src/training/run-events.ts";
import { OptionsError, runOptions } from "../../src/training/run-options.ts";
import type { Seq2SeqOptions } from "../../src/training/seq2seq-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-translate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ANIMALS = ["고양이", "강아지", "토끼", "여우", "곰", "사슴"];
const ENGLISH = ["cat", "dog", "rabbit", "fox", "bear", "deer"];
const DOES = [
  ["잔다", "sleeps"],
  ["먹는다", "eats"],
  ["뛴다", "runs"],
  ["운다", "cries"],
] as const;
const pairs: Pair[] = ANIMALS.flatMap((animal, i) =>
  DOES.map(([korean, english]) => ({
    line: 0,
    source: `${animal}가 ${korean}.`,
    target: `The ${ENGLISH[i]} ${english}.`,
  })),
);
const data = join(folder, "pairs.tsv");
writeFileSync(data, `ko\ten\n${pairs.map(({ source, target }) => `${source}\t${target}\n`).join("")}`);

const options = (changes: Partial<Seq2SeqOptions> = {}) =>
  runOptions("translation", {
    ...{ numLayers: 1, dModel: 16, numHeads: 2, dFeedForward: 16, vocabularySize: 400, maxLength: 48 },
    ...{ batchSize: 6, epochs: 4, warmupSteps: 5, validFraction: 0.25, keepTogether: "none" },
    ...changes,
  });

async function eventsOf(out: string, given: Seq2SeqOptions): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of trainFolder({ data, out: join(folder, out), options: given, engine: await testEngine() })) {
    events.push(event);
  }
  return events;
}

describe("a translation", () => {
  it("is measured by its own answers where they tell the best, and is averaged", async () => {
    const events = await eventsOf(
      "own",
      options({ metric: "bleu", average: 3, learningRate: 0.02, dropout: 0, epochs: 12 }),
    );
    const measured = events.flatMap((event) => (event.type === "validation" ? [event.measured!] : []));
    expect(measured).toHaveLength(12);
    for (const { bleu } of measured) expect(bleu).toBeGreaterThanOrEqual(0);
    expect(measured[11].chrf).toBeGreaterThan(measured[0].chrf!);
    expect(events.find((event) => event.type === "end")).toMatchObject({ averaged: 3 });
    expect(events.find((event) => event.type === "end")!.validation!.chrf).toBeGreaterThan(0);
    const kept = readdirSync(join(folder, "own", "checkpoints")).filter((name) => name.startsWith("epoch-"));
    expect(kept.sort()).toEqual([10, 11, 12].map((epoch) => `epoch-${epoch}.safetensors`));
    expect(await readTrainingNotes(join(folder, "own"))).toMatchObject({ options: { task: "translate", average: 3 } });
  });

  it("is not measured so where nobody asks", async () => {
    const events = await eventsOf("loss", options({ epochs: 1 }));
    expect(events.find((event) => event.type === "validation")!.measured).not.toHaveProperty("bleu");
  });

  it("wants held-out pairs for a metric", async () => {
    const given = options({ metric: "chrf", validFraction: 0 });
    await expect(eventsOf("none", given)).rejects.toThrow(RunError);
    await expect(eventsOf("none", given)).rejects.toThrow("metric chrf: wants held-out examples");
  });
});

describe("options", () => {
  it("of pairs go with either task, those of texts do not", () => {
    expect(runOptions("base", { task: "translate" })).toMatchObject({ task: "translate", dModel: 512 });
    expect(runOptions("translation", { task: "chat" })).toMatchObject({ task: "chat" });
    expect(() => runOptions("reviews", { task: "translate" } as never)).toThrow(OptionsError);
  });

  it("leave merges out only where there are merges", () => {
    expect(() => options({ bpeDropout: 0.1, tokenizer: "word" })).toThrow(
      "bpeDropout: wants the tokenizer bpe, not 0.1",
    );
  });
});

describe("the examples of an epoch", () => {
  const file = { file: data, pairs, problems: [] };

  it("are cut in other pieces in each, the same in the same", () => {
    const { tokenizer, data: made } = prepare(file, options({ validFraction: 0, bpeDropout: 0.3 }));
    const cuts = (epoch: number) => made.epochExamples!(epoch).map(({ source, target }) => [[...source], [...target]]);
    expect(cuts(1)).toEqual(cuts(1));
    expect(cuts(1)).not.toEqual(cuts(2));
    const texts = (examples: readonly { source: Int32Array; target: Int32Array }[]) =>
      examples.map(({ source, target }) => [tokenizer.decode(source), tokenizer.decode(target)]);
    expect(texts(made.epochExamples!(3))).toEqual(texts(made.train));
  });

  it("are those of every epoch where nothing is left to chance", () => {
    expect(prepare(file, options({ bpeDropout: 0 })).data.epochExamples).toBeUndefined();
  });
});
