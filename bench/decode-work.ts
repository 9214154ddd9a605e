import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPairs } from "../src/data/pairs.ts";
import { writeExport } from "../src/formats/export-folder-node.ts";
import { huggingFaceFiles } from "../src/formats/huggingface.ts";
import type { LoadedSeq2Seq } from "../src/formats/loaded-model.ts";
import { loadSeq2Seq } from "../src/formats/model-folder.ts";
import { Random } from "../src/random/random.ts";

/** The least sentences of a turn; alone they would be over too soon. */
const SENTENCES_A_TURN = 16;

/** Token ids of a sentence. */
export type Ids = readonly number[];

/** What is decoded in a turn: batches of sources. */
export type Turn = readonly (readonly Ids[])[];

/** A trained model and sentences for it, in a folder what peers read of them. */
export class DecodeWork {
  /** The folder of the model. */
  readonly model: string;
  readonly loaded: LoadedSeq2Seq;
  readonly #folder = mkdtempSync(join(tmpdir(), "jumok-decode-"));
  /** With `<start>` and `<end>`, by length. */
  readonly #sources: readonly Ids[];
  /** Where the model is in Hugging Face's layout, once it is needed. */
  #exported: Promise<string> | undefined;

  private constructor(model: string, loaded: LoadedSeq2Seq, sources: readonly Ids[]) {
    this.model = model;
    this.loaded = loaded;
    this.#sources = sources;
  }

  /** @param count of different sentences, drawn at random but always the same */
  static async load(model: string, data: string, count: number): Promise<DecodeWork> {
    const loaded = await loadSeq2Seq(model);
    const { tokenizer } = loaded;
    const { pairs } = await readPairs(data);
    const different = [...new Set(pairs.map(({ source }) => source))];
    const sources = Random.of(1, "questions")
      .shuffle(different)
      .map((text) => tokenizer.asSource(tokenizer.encode(text)))
      .filter(({ length }) => length > tokenizer.asSource([]).length && length <= loaded.model.maxLength)
      .slice(0, count)
      .sort((a, b) => a.length - b.length);
    return new DecodeWork(model, loaded, sources);
  }

  get sentences(): number {
    return this.#sources.length;
  }

  /** All sentences in batches of about the same length, the turns in no order. */
  turnsOf(batch: number): readonly Turn[] {
    const batches = cut(this.#sources, batch);
    return Random.of(1, "turns").shuffle(cut(batches, Math.max(1, Math.floor(SENTENCES_A_TURN / batch))));
  }

  /** A file that peers read the turns from. */
  fileOf(turns: readonly Turn[]): string {
    const file = join(this.#folder, `turns-${turns[0][0].length}.json`);
    writeFileSync(file, JSON.stringify(turns));
    return file;
  }

  /** The folder of the model in Hugging Face's layout, with weights as they are and in eight bits. */
  exported(): Promise<string> {
    this.#exported ??= (async () => {
      const folder = join(this.#folder, "exported");
      await writeExport(folder, huggingFaceFiles(this.loaded, { compression: "int8" }));
      return folder;
    })();
    return this.#exported;
  }

  release(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
