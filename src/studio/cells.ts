import type { LoadedModel } from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import { AttentionParts, type HeadPlace } from "./attention-parts.ts";
import { cellOf, type HeadParts } from "./cell.ts";
import type { Reading } from "./exhibit.ts";
import { sizesIn } from "./model-card.ts";
import { checkIndex, notOffered } from "./studio-error.ts";
import type { CellPlace } from "./studio-model.ts";
import type { Cell } from "./wire.ts";

/** The arithmetic behind the attention of a model; what computes it is compiled when it is first asked for. */
export class Cells {
  readonly #engine: Engine;
  readonly #loaded: LoadedModel;
  #parts: Promise<AttentionParts> | undefined;

  constructor(engine: Engine, loaded: LoadedModel) {
    this.#engine = engine;
    this.#loaded = loaded;
  }

  /** @throws {StudioError} when there is no such cell */
  async cell(reading: Reading, place: CellPlace): Promise<Cell> {
    const parts = await this.head(reading, place);
    const { attn } = sizesIn(this.#loaded);
    if (attn === "none") throw notOffered();
    checkIndex("i", place.row, parts.query.length);
    checkIndex("j", place.column, parts.keys.length);
    return cellOf(attn, parts, { ...place, causal: place.kind === "dec" });
  }

  /**
   * What one head computes with.
   *
   * @throws {StudioError} when there is no such head
   */
  async head(reading: Reading, place: HeadPlace): Promise<HeadParts> {
    const { kinds, layers, heads } = sizesIn(this.#loaded);
    if (!kinds.includes(place.kind)) throw notOffered();
    checkIndex("l", place.layer, place.kind === "align" ? 1 : layers);
    checkIndex("h", place.head, heads);
    this.#parts ??= this.#compile();
    return (await this.#parts).of(reading, place);
  }

  async release(): Promise<void> {
    await (await this.#parts)?.release();
  }

  #compile(): Promise<AttentionParts> {
    const { kind, model, weights } = this.#loaded;
    return kind === "seq2seq"
      ? AttentionParts.ofWriter(this.#engine, model, weights)
      : AttentionParts.ofClassifier(this.#engine, model, weights);
  }
}
