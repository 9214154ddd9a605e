import { classifierOf } from "../formats/classifier-config.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import { modelOf } from "../formats/model-config.ts";
import { Positions, positionalEncoding } from "../nn/positions.ts";
import type { Engine } from "../runtime/engine.ts";
import type { HeadPlace } from "./attention-parts.ts";
import { dot, scoreOf } from "./cell.ts";
import type { Cells } from "./cells.ts";
import { digits, rounded } from "./digits.ts";
import { EncoderMaps } from "./encoder-maps.ts";
import type { Reading } from "./exhibit.ts";
import type { HeadNumbers, Matrix, PaddingNumbers, PositionNumbers } from "./lesson-wire.ts";
import { sizesIn } from "./model-card.ts";
import { shownSentence } from "./shown-sentence.ts";
import { checkIndex, notOffered } from "./studio-error.ts";
import type { Tok } from "./wire.ts";

type EncoderHead = Omit<HeadPlace, "kind">;

/** Numbers of a model for the screens of "How it works"; what computes them is compiled when first asked for. */
export class Lessons {
  readonly #engine: Engine;
  readonly #loaded: LoadedModel;
  readonly #cells: Cells;
  #placed: Promise<EncoderMaps> | undefined;
  #unplaced: Promise<EncoderMaps> | undefined;

  constructor(engine: Engine, loaded: LoadedModel, cells: Cells) {
    this.#engine = engine;
    this.#loaded = loaded;
    this.#cells = cells;
  }

  /**
   * @param verdict what asks where a text is judged
   * @throws {StudioError} when the model has no such head
   */
  async head(reading: Reading, place: HeadPlace, verdict?: Tok): Promise<HeadNumbers> {
    const { kind, layer: l, head: h } = place;
    const parts = await this.#cells.head(reading, place);
    const { query, keys, values, weights } = parts;
    const { attn } = sizesIn(this.#loaded);
    // A Transformer's q·k is divided by √d in the page, where that can be left out.
    const score = attn === "scaled" ? dot : scoreOf(attn, parts);
    const sentence = (ids: readonly number[]) => shownSentence(this.#loaded.tokenizer, ids).toks;
    const written = [reading.target.slice(1), reading.source];
    const axes = {
      enc: [reading.source, reading.source],
      dec: [reading.target.slice(0, -1), reading.target.slice(0, -1)],
      cross: written,
      align: written,
    }[kind];
    return {
      about: "head",
      kind,
      l,
      h,
      rows: verdict ? [verdict] : sentence(axes[0]),
      cols: sentence(axes[1]),
      causal: kind === "dec",
      d: query[0].length,
      q: query.map(rounded),
      k: keys.map(rounded),
      v: values.map(rounded),
      qk: query.map((q) => keys.map((k, column) => digits(score(q, k, column)))),
      w: weights.map(rounded),
    };
  }

  /**
   * Texts of one batch with the padding mask and without it.
   *
   * @throws {StudioError} when the model has no such head
   */
  async padding(texts: readonly (readonly number[])[], place: EncoderHead): Promise<PaddingNumbers> {
    this.#check({ kind: "enc", ...place });
    const { tokenizer } = this.#loaded;
    const time = Math.max(...texts.map(({ length }) => length));
    const rows = texts.map((ids) => [...ids, ...Array<number>(time - ids.length).fill(tokenizer.padId)]);
    const maps = await this.#maps();
    const masked = await maps.of(rows, { ...place, lengths: texts.map(({ length }) => length) });
    const open = await maps.of(rows, { ...place, lengths: texts.map(() => time) });
    return {
      about: "padding",
      l: place.layer,
      h: place.head,
      texts: rows.map((ids, i) => ({
        toks: shownSentence(tokenizer, ids).toks,
        masked: masked[i],
        open: open[i],
        leaked: leaked(open[i], texts[i].length),
      })),
    };
  }

  /**
   * A word moved to the place of another, with positional encoding and without it.
   *
   * @throws {StudioError} when there is no such head or word
   */
  async position(
    source: readonly number[],
    { from, to, ...place }: EncoderHead & { readonly from: number; readonly to: number },
  ): Promise<PositionNumbers> {
    this.#check({ kind: "enc", ...place });
    const { tokenizer, config } = this.#loaded;
    const { toks, words } = shownSentence(tokenizer, source);
    checkIndex("from", from, words.length);
    checkIndex("to", to, words.length);
    const order = words.map((_, w) => w).filter((w) => w !== from);
    order.splice(to, 0, from);
    const was = order.flatMap((w) => source.map((_, i) => i).filter((i) => toks[i].w === w));
    const moved = was.map((i) => source[i]);
    const all = { ...place, lengths: [source.length, source.length] };
    const [before, after] = await (await this.#maps()).of([source, moved], all);
    const [beforeUnplaced, afterUnplaced] = await (await this.#mapsUnplaced()).of([source, moved], all);
    const table = positionalEncoding(source.length, config.d_model);
    return {
      about: "position",
      l: place.layer,
      h: place.head,
      toks: shownSentence(tokenizer, moved).toks,
      was,
      encoding: source.map((_, i) => rounded(table.subarray(i * config.d_model, (i + 1) * config.d_model))),
      before,
      after,
      beforeUnplaced,
      afterUnplaced,
    };
  }

  async release(): Promise<void> {
    for (const maps of [this.#placed, this.#unplaced]) await (await maps)?.release();
  }

  #check({ kind, layer, head }: HeadPlace): void {
    const { attn, kinds, layers, heads } = sizesIn(this.#loaded);
    if (attn !== "scaled" || !kinds.includes(kind)) throw notOffered();
    checkIndex("l", layer, layers);
    checkIndex("h", head, heads);
  }

  #maps(): Promise<EncoderMaps> {
    this.#placed ??= EncoderMaps.compile(this.#engine, this.#loaded);
    return this.#placed;
  }

  /** The same weights in a model that adds nothing for places. */
  #mapsUnplaced(): Promise<EncoderMaps> {
    const { kind, config, weights } = this.#loaded;
    const positions = Positions.none(config.max_position_embeddings, config.d_model);
    const model = kind === "seq2seq" ? modelOf(config, { positions }) : classifierOf(config, { positions });
    this.#unplaced ??= EncoderMaps.compile(this.#engine, { model, weights });
    return this.#unplaced;
  }
}

/** Of the attention of the first `real` tokens, the mean share that the others got. */
function leaked(rows: Matrix, real: number): number {
  const shares = rows.slice(0, real).map((row) => row.slice(real).reduce((sum, weight) => sum + weight, 0));
  return digits(shares.reduce((sum, share) => sum + share, 0) / real);
}
