import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { servedModel } from "../../src/server/served-model.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { randomSeq2Seq } from "../formats/small-models.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-served-model-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GERMAN = ["Ein Mann liest die Zeitung", "Die Kinder spielen im Garten", "Zwei Hunde laufen über die Wiese"];
const ENGLISH = ["The dog runs over the grass", "A man reads the newspaper"];
const KOREAN = ["오늘은 하늘이 맑다", "나는 어제 책을 읽었다"];

/** The texts that the page offers for a model whose tokenizer knows some, and whose folder has a history. */
async function offered(task: "chat" | "translate", known: readonly string[], history: string): Promise<string[]> {
  const tokenizer = Tokenizer.train(known, { kind: "bpe", vocabularySize: 1000 });
  const loaded = { ...randomSeq2Seq({ maxLength: 40 }), tokenizer };
  const path = mkdtempSync(join(folder, "model-"));
  await saveModelFolder(path, loaded, { options: { task } });
  mkdirSync(join(path, "history"));
  writeFileSync(join(path, "history", "events.jsonl"), history);
  const { card } = await servedModel(path, loaded);
  return card.examples.map(({ src }) => src);
}

function historyOf(...sources: readonly string[]): string {
  const samples = sources.map((source) => ({ source, answer: "", expected: "", probability: 0 }));
  const event = `${JSON.stringify({ type: "samples", epoch: 1, step: 0, samples })}\n`;
  return event + event;
}

describe("the texts that the page offers", () => {
  const twice = (texts: readonly string[]) => [...texts, ...texts];

  it("are a translator's own, also where it knows the language of ours: each once, whole, the shortest first", async () => {
    const history = historyOf(
      ...GERMAN.toReversed(),
      "Ein Text, der abgeschnitten wur…",
      `Ein ${"sehr ".repeat(40)}langer Text`,
    );
    const ours = await offered("translate", ENGLISH, "");
    expect(ours).not.toEqual(GERMAN);
    expect(await offered("translate", twice([...GERMAN, ...ours]), history)).toEqual(GERMAN);
  });

  it("are a chatbot's own, where small talk is strange to it", async () => {
    expect(await offered("chat", twice(GERMAN), historyOf(...GERMAN))).toEqual(GERMAN);
  });

  it("are small talk for a chatbot that knows it as well", async () => {
    const ours = await offered("chat", KOREAN, "");
    expect(await offered("chat", twice([...ours, ...KOREAN]), historyOf(...KOREAN))).toEqual(ours);
  });

  it.each([
    ["no samples yet", ""],
    ["nothing but what was cut", historyOf("Ein Te…")],
    ["a line that is no JSON", "{\n"],
  ])("are ours, where the history has %s", async (_, history) => {
    const texts = await offered("translate", twice(GERMAN), history);
    expect(texts).toEqual(await offered("translate", twice(GERMAN), ""));
    expect(texts.length).toBeGreaterThan(2);
  });
});
