import type { AttentionKind, ExplainedText, Sentence } from "./attention-map.ts";
import { type AttentionChoice, attentionViews, type HeadChoice } from "./attention-view.ts";

/** Attention as plain data. Layers and heads count from 1. */
export interface AttentionData extends Omit<ExplainedText, "maps"> {
  readonly maps: readonly MapData[];
}

/** Every head of a layer, or one matrix where one was chosen. */
export interface MapData {
  readonly kind: AttentionKind;
  readonly layer: number;
  /** Only of a matrix: its head, or what was made of all. */
  readonly head?: HeadChoice;
  /** `[heads, queries, keys]`; of a matrix `[queries, keys]`. */
  readonly shape: readonly number[];
  readonly queries: Sentence;
  readonly keys: Sentence;
  /** Row by row, rounded to six digits. */
  readonly weights: readonly number[];
}

/**
 * The attention of a text as data for JSON: all maps of all kinds, or what is chosen.
 *
 * @throws {AttentionError} when there is no such attention
 */
export function attentionData(explained: ExplainedText, choice?: AttentionChoice): AttentionData {
  const { maps, ...text } = explained;
  if (choice === undefined) {
    const all = maps.map(({ kind, layer, heads, queries, keys, weights }) => ({
      kind,
      layer: layer + 1,
      shape: [heads, queries.tokens.length, keys.tokens.length],
      queries,
      keys,
      weights: rounded(weights),
    }));
    return { ...text, maps: all };
  }
  const views = attentionViews(explained, choice).map(({ kind, layer, head, queries, keys, weights }) => ({
    kind,
    layer: layer + 1,
    head: typeof head === "number" ? head + 1 : head,
    shape: [queries.tokens.length, keys.tokens.length],
    queries,
    keys,
    weights: rounded(weights),
  }));
  return { ...text, maps: views };
}

function rounded(weights: Float32Array): number[] {
  return Array.from(weights, (weight) => Number(weight.toFixed(6)));
}
