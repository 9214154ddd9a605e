import type { AttentionMap, ExplainedText, Sentence } from "./attention-map.ts";
import type { AttentionChoice } from "./attention-view.ts";

/** What a page of attention holds: an explained text, small enough to be written into it. */
export interface PageData extends Omit<ExplainedText, "maps" | "source"> {
  /** What the page shows first. */
  readonly first: AttentionChoice;
  /** Sentences that maps have on their axes, each once; the source text is the first. */
  readonly sentences: readonly Sentence[];
  readonly maps: readonly PageMap[];
}

/** A map whose axes are sentences by number and whose weights are whole ten-thousandths. */
interface PageMap extends Omit<AttentionMap, "queries" | "keys" | "weights"> {
  readonly queries: number;
  readonly keys: number;
  readonly weights: readonly number[];
}

const WHOLE = 10_000;

export function pageData(explained: ExplainedText, first: AttentionChoice): PageData {
  const { maps, source, ...text } = explained;
  const sentences = [...new Set([source, ...maps.flatMap(({ queries, keys }) => [queries, keys])])];
  return {
    ...text,
    first,
    sentences,
    maps: maps.map((map) => ({
      ...map,
      queries: sentences.indexOf(map.queries),
      keys: sentences.indexOf(map.keys),
      weights: Array.from(map.weights, (weight) => Math.round(WHOLE * weight)),
    })),
  };
}

/** The explained text that {@link pageData} made, its weights to four digits. */
export function explainedFrom({ first: _, sentences, maps, ...text }: PageData): ExplainedText {
  return {
    ...text,
    source: sentences[0],
    maps: maps.map((map) => ({
      ...map,
      queries: sentences[map.queries],
      keys: sentences[map.keys],
      weights: Float32Array.from(map.weights, (weight) => weight / WHOLE),
    })),
  };
}
