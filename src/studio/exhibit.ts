import type { AttentionKind, AttentionMap } from "../explain/attention-map.ts";
import type { ShownSentence } from "./shown-sentence.ts";
import type { Axis, GenerateRequest, Kind } from "./wire.ts";

/** What a model read and wrote: all that it takes to look into it again. Plain data. */
export interface Reading {
  readonly source: readonly number[];
  /** Token ids from `<start>` on; of a classifier the number of its verdict. */
  readonly target: readonly number[];
  /** How it was searched for. */
  readonly search: Pick<GenerateRequest, "beam" | "lenPenalty">;
}

/** All heads of all layers of one kind of attention. */
export interface AttentionStack {
  readonly kind: Kind;
  readonly layers: number;
  readonly heads: number;
  readonly rowTok: Axis;
  readonly colTok: Axis;
  readonly causal: boolean;
  /** `[layers, heads, rows, cols]` */
  readonly weights: Float32Array;
}

/** A reading with the attention of the model on it. Plain data. */
export interface Exhibit {
  readonly reading: Reading;
  readonly axes: Readonly<Partial<Record<Axis, ShownSentence>>>;
  readonly stacks: readonly AttentionStack[];
}

interface Shown {
  readonly kind: Kind;
  readonly rowTok: Axis;
  readonly colTok: Axis;
}

const SHOWN: Readonly<Record<AttentionKind, Shown>> = {
  encoder: { kind: "enc", rowTok: "src", colTok: "src" },
  decoder: { kind: "dec", rowTok: "read", colTok: "read" },
  cross: { kind: "cross", rowTok: "tgt", colTok: "src" },
  alignment: { kind: "align", rowTok: "tgt", colTok: "src" },
  pooling: { kind: "align", rowTok: "tgt", colTok: "src" },
};

/** Maps of layers, put together by kind. */
export function stacksOf(maps: readonly AttentionMap[]): AttentionStack[] {
  return [...new Set(maps.map(({ kind }) => kind))].map((kind) => {
    const layers = maps.filter((map) => map.kind === kind);
    const [{ heads, weights }] = layers;
    const all = new Float32Array(layers.length * weights.length);
    for (const [layer, map] of layers.entries()) all.set(map.weights, layer * weights.length);
    return { ...SHOWN[kind], layers: layers.length, heads, causal: kind === "decoder", weights: all };
  });
}
