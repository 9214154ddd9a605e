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

const GERMAN = ["Zwei Hunde laufen über die Wiese", "Ein Mann liest die Zeitung", "Die Kinder spielen im Garten"];
const KOREAN = ["오늘은 하늘이 맑다", "나는 어제 책을 읽었다"];

/** The texts that the page offers for a model whose tokenizer knows some, and whose folder has a history. */
async function offered(name: string, known: readonly string[], history: string): Promise<string[]> {
  const tokenizer = Tokenizer.train(known, { kind: "bpe", vocabularySize: 400 });
  const loaded = { ...randomSeq2Seq({ maxLength: 40 }), tokenizer };
  const path = join(folder, name);
  await saveModelFolder(path, loaded, { options: { task: "translate" } });
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
  it("are of the model's own data, where ours are foreign to it: each once, whole and short", async () => {
    const history = historyOf(...GERMAN, "Ein Text, der abgeschnitten wur…", `Ein ${"sehr ".repeat(40)}langer Text`);
    expect(await offered("german", [...GERMAN, ...GERMAN], history)).toEqual(GERMAN);
  });

  it("are ours, where they are as near to it as its own", async () => {
    const ours = await offered("nothing known", KOREAN, "");
    const known = [...ours, ...KOREAN];
    const texts = await offered("korean", [...known, ...known], historyOf(...KOREAN));
    expect(texts).toEqual(ours);
  });

  it.each([
    ["no samples yet", ""],
    ["nothing but what was cut", historyOf("Ein Te…")],
    ["a line that is no JSON", "{\n"],
  ])("are ours, where the history has %s", async (name, history) => {
    expect((await offered(name, [...GERMAN, ...GERMAN], history)).length).toBeGreaterThan(2);
  });
});
