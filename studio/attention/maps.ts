import type { AttentionKind, AttentionMap, Sentence } from "../../src/explain/attention-map.ts";
import type { ModelCard, SpecialTok, Tok } from "../../src/studio/wire.ts";
import { type AttentionPacket, headWeights } from "./packet.ts";

/** What tokens that are no text are called in the language of the page. */
export type SpecialNames = Readonly<Record<SpecialTok, string>>;

/** Weights that came exactly, of a layer and a head. */
export type ExactHeads = (layer: number, head: number) => Float32Array | undefined;

/** How maps of a packet are made. */
export interface MapsOptions {
  readonly task: ModelCard["task"];
  readonly names: SpecialNames;
  /** Default: all heads as the packet has them. */
  readonly exact?: ExactHeads;
}

/** The map of a layer; heads that did not come exactly are as the packet has them. */
function mapOf(packet: AttentionPacket, layer: number, options: MapsOptions): AttentionMap {
  const { header, rows, cols } = packet;
  const { task, names, exact } = options;
  const queries = sentenceOf(rows, header.words[header.rowTok], names);
  const keys = header.rowTok === header.colTok ? queries : sentenceOf(cols, header.words[header.colTok], names);
  const cells = header.rows * header.cols;
  const weights = new Float32Array(header.heads * cells);
  for (let head = 0; head < header.heads; head++) {
    weights.set(exact?.(layer, head) ?? headWeights(packet, layer, head), head * cells);
  }
  return { kind: kindOf(header.kind, task), layer, heads: header.heads, queries, keys, weights };
}

/** The maps of all layers. */
export function mapsOf(packet: AttentionPacket, options: MapsOptions): AttentionMap[] {
  return Array.from({ length: packet.header.layers }, (_, layer) => mapOf(packet, layer, options));
}

/** What the kinds of the wire are called where maps are drawn. */
export function kindOf(kind: AttentionPacket["header"]["kind"], task: ModelCard["task"]): AttentionKind {
  if (kind === "align") return task === "classify" ? "pooling" : "alignment";
  return ({ enc: "encoder", dec: "decoder", cross: "cross" } as const)[kind];
}

/** Tokens and their words; what is no text has its name in the language of the page. */
export function sentenceOf(toks: readonly Tok[], words: readonly string[] | undefined, names: SpecialNames): Sentence {
  const shown = (tok: Tok) => (tok.sp === undefined ? tok.t : names[tok.sp]);
  const tokens = toks.map((tok) => ({
    piece: shown(tok),
    text: shown(tok),
    word: tok.w,
    special: tok.sp !== undefined && tok.sp !== "unk",
    ...(tok.sp === "pad" && { padding: true }),
  }));
  const count = Math.max(-1, ...toks.map(({ w }) => w)) + 1;
  return {
    tokens,
    words: Array.from({ length: count }, (_, number) => {
      const pieces = tokens.filter(({ word }) => word === number);
      const [first] = toks.filter(({ w }) => w === number);
      const named = first?.sp === undefined ? words?.[number] : undefined;
      return named ?? pieces.map(({ text }) => text).join("");
    }),
  };
}
