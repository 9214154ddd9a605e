import type { AttentionMap, ExplainedText } from "../explain/attention-map.ts";
import { mainKind } from "../explain/attention-view.ts";
import type { ShownSentence } from "../studio/shown-sentence.ts";
import { u8sqrt } from "../studio/u8-sqrt.ts";
import type { Kind } from "../studio/wire.ts";

/** A sentence whose attention is filmed while a model learns: what does not change of it. */
export interface FilmedSentence {
  readonly kind: Kind;
  /** Of the model. */
  readonly layers: number;
  readonly heads: number;
  readonly rows: ShownSentence;
  readonly columns: ShownSentence;
}

/** The attention of all filmed sentences after a step. */
export interface FilmFrame {
  readonly step: number;
  /** For each sentence `[layers, heads, rows, columns]`, a byte u for the weight (u/255)². */
  readonly weights: readonly Uint8Array[];
}

/** How the attention of a few sentences changes. */
export interface Film {
  readonly sentences: readonly FilmedSentence[];
  readonly frames: readonly FilmFrame[];
}

/** Weights of a sentence in one frame; one with more is not filmed. */
const MOST_WEIGHTS = 2 ** 18;

/** What is filmed of a text: its main kind of attention in all layers; `undefined` where that is too much. */
export function filmedSentence(
  explained: Pick<ExplainedText, "maps">,
  { rows, columns }: Pick<FilmedSentence, "rows" | "columns">,
): FilmedSentence | undefined {
  const maps = mainMaps(explained);
  const [{ kind, heads, weights }] = maps;
  if (maps.length * weights.length > MOST_WEIGHTS) return undefined;
  return { kind: KINDS[kind], layers: maps.length, heads, rows, columns };
}

/** The weights of a filmed text as they are kept: square roots in bytes, so that small ones are not lost. */
export function filmedWeights(explained: Pick<ExplainedText, "maps">): Uint8Array {
  const maps = mainMaps(explained);
  const bytes = new Uint8Array(maps.length * maps[0].weights.length);
  for (const [layer, { weights }] of maps.entries()) bytes.set(u8sqrt(weights), layer * weights.length);
  return bytes;
}

/**
 * A film with one more frame. Frames at moments stay; of the others only the latest.
 *
 * @param moments as `momentsOf` gives them
 */
export function withFrame(frames: readonly FilmFrame[], frame: FilmFrame, moments: ReadonlySet<number>): FilmFrame[] {
  return [...frames.filter(({ step }) => moments.has(step) && step !== frame.step), frame];
}

const KINDS: Readonly<Record<AttentionMap["kind"], Kind>> = {
  encoder: "enc",
  decoder: "dec",
  cross: "cross",
  alignment: "align",
  pooling: "align",
};

function mainMaps(explained: Pick<ExplainedText, "maps">): AttentionMap[] {
  const kind = mainKind(explained);
  return explained.maps.filter((map) => map.kind === kind);
}
