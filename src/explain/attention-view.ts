import { AttentionError, type AttentionKind, type AttentionMap, type ExplainedText } from "./attention-map.ts";
import { mergeWords } from "./merge-words.ts";
import { meanWeights, rollout } from "./rollout.ts";

/** How several heads become one: their mean, the largest weight of any, or rollout through the layers. */
export const SUMMARIES = ["mean", "max", "rollout"] as const;

/** A head by its number from 0, or what is made of all. */
export type HeadChoice = number | (typeof SUMMARIES)[number];

/** One matrix of weights: a map with a single head, which is one of the model's or made of all. */
export interface AttentionView extends AttentionMap {
  readonly heads: 1;
  readonly head: HeadChoice;
  /** How many heads the model has there. */
  readonly of: number;
}

/** Which attention of a text is wanted. */
export interface AttentionChoice {
  /** Default: what looks at the source from outside, or else the encoder's own. */
  readonly kind?: AttentionKind;
  /** From 0. Default: the last. */
  readonly layer?: number | "all";
  /** Default: the mean. */
  readonly head?: HeadChoice | "all";
  /** Whether words are shown instead of tokens. Default: no. */
  readonly words?: boolean;
}

/**
 * Views of the attention of a text, layer by layer, head by head.
 *
 * Of words, heads are merged before the largest weight is taken: it is the most that any head puts on a word.
 *
 * @throws {AttentionError} when there is no such kind, layer, head or rollout
 */
export function attentionViews(explained: ExplainedText, choice: AttentionChoice = {}): AttentionView[] {
  const { kind = mainKind(explained), layer = "last", head = "mean", words = false } = choice;
  const maps = explained.maps.filter((map) => map.kind === kind);
  if (maps.length === 0) {
    throw new AttentionError(`this model has no ${KIND_NAMES[kind]}; it has ${named(kindsOf(explained))}`);
  }
  return layersOf(maps, layer).flatMap((map) => {
    const shown = words ? mergeWords(map) : map;
    return headsOf(map, head).map((head) => {
      const one = { ...shown, heads: 1 as const, head, of: map.heads };
      if (head !== "rollout") return { ...one, weights: summarised(shown, head) };
      const whole = { ...one, queries: map.queries, keys: map.keys, weights: rollout(explained.maps, map) };
      return words ? mergeWords(whole) : whole;
    });
  });
}

/** The kinds of attention that a text was explained with. */
export function kindsOf({ maps }: Pick<ExplainedText, "maps">): AttentionKind[] {
  return [...new Set(maps.map(({ kind }) => kind))];
}

/** The kind that is shown first. */
export function mainKind(explained: Pick<ExplainedText, "maps">): AttentionKind {
  const kinds = kindsOf(explained);
  return (["cross", "alignment", "pooling"] as const).find((kind) => kinds.includes(kind)) ?? kinds[0];
}

const KIND_NAMES: Readonly<Record<AttentionKind, string>> = {
  encoder: "encoder self-attention",
  decoder: "decoder self-attention",
  cross: "cross-attention",
  alignment: "alignment",
  pooling: "pooling attention",
};

function named(kinds: readonly AttentionKind[]): string {
  return kinds.map((kind) => `${KIND_NAMES[kind]} (${kind})`).join(", ");
}

function layersOf(maps: readonly AttentionMap[], layer: number | "all" | "last"): readonly AttentionMap[] {
  if (layer === "all") return maps;
  const found = layer === "last" ? maps.at(-1) : maps.find((map) => map.layer === layer);
  if (found !== undefined) return [found];
  throw new AttentionError(
    `there is no layer ${Number(layer) + 1}: ${KIND_NAMES[maps[0].kind]} has ${counted(maps.length, "layer")}`,
  );
}

function headsOf({ kind, heads }: AttentionMap, head: HeadChoice | "all"): HeadChoice[] {
  if (head === "all") return Array.from({ length: heads }, (_, i) => i);
  if (typeof head === "number" && !(head >= 0 && head < heads)) {
    throw new AttentionError(`there is no head ${head + 1}: ${KIND_NAMES[kind]} has ${counted(heads, "head")} a layer`);
  }
  return [head];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** One head, the mean over heads or the largest of any, `[queries, keys]`. */
function summarised(map: AttentionMap, head: Exclude<HeadChoice, "rollout">): Float32Array {
  const cells = map.weights.length / map.heads;
  if (typeof head === "number") return map.weights.slice(head * cells, (head + 1) * cells);
  if (head === "mean") return Float32Array.from(meanWeights(map));
  const most = map.weights.slice(0, cells);
  for (let i = cells; i < map.weights.length; i++) most[i % cells] = Math.max(most[i % cells], map.weights[i]);
  return most;
}
