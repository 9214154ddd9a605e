import type { AttentionKind, AttentionMap } from "../../src/explain/attention-map.ts";
import { type AttentionView, attentionViews } from "../../src/explain/attention-view.ts";
import { MOST_HEADS } from "../../src/explain/head-colours.ts";
import { mergeWords } from "../../src/explain/merge-words.ts";
import type { Kind } from "../../src/studio/wire.ts";
import type { Address } from "../app/address.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import { type AttentionPacket, headBytes } from "./packet.ts";
import type { Place } from "./reading.ts";
import type { WantedHead } from "./use-packet.ts";

/** What the address asks for, as far as the model has it. */
export interface LookedAt extends HeadPlace {
  readonly kind: Kind;
  /** Heads that are looked at together with the chosen one. */
  readonly others: readonly HeadPlace[];
  readonly aggregate: NonNullable<Address["aggregate"]>;
  readonly words: boolean;
  readonly show: NonNullable<Address["show"]>;
  readonly scale: NonNullable<Address["scale"]>;
}

/** Maps with more rows or columns show the means of layers first. */
const VERY_LONG = 120;

export function isVeryLong({ header: { rows, cols } }: AttentionPacket): boolean {
  return Math.max(rows, cols) > VERY_LONG;
}

export function lookedAt(address: Address, packet: AttentionPacket): LookedAt {
  const { kind, layers, heads } = packet.header;
  const within = ({ layer, head }: HeadPlace) => layer < layers && head < heads;
  const layer = Math.min(address.layer ?? layers - 1, layers - 1);
  const head = address.head !== undefined && address.head < heads ? address.head : clearestHead(packet, layer);
  const single = layers * heads === 1;
  const first = isVeryLong(packet) && heads > 1 ? "mean" : "one";
  return {
    kind,
    layer,
    head,
    others: (address.others ?? [])
      .filter((other) => within(other) && !(other.layer === layer && other.head === head))
      .slice(0, MOST_HEADS - 1),
    aggregate: single ? "one" : (address.aggregate ?? first),
    words: address.unit === "word",
    show: address.show ?? "map",
    scale: address.scale ?? "fixed",
  };
}

/** The head of a layer whose rows rest most on single words, marks such as the end left out. */
function clearestHead(packet: AttentionPacket, layer: number): number {
  const { rows, cols } = packet;
  const clearness = (head: number) => {
    const bytes = headBytes(packet, layer, head);
    return rows.reduce((sum, { sp }, row) => {
      const seen = cols.map((tok, col) => (tok.sp ? 0 : bytes[row * cols.length + col]));
      return sum + (sp ? 0 : Math.max(0, ...seen) ** 2);
    }, 0);
  };
  const all = Array.from({ length: packet.header.heads }, (_, head) => clearness(head));
  return all.indexOf(Math.max(...all));
}

/** The heads whose exact weights go into what is looked at; `encoder` is the layers of the encoder for a rollout. */
export function wantedHeads(looked: LookedAt, packet: AttentionPacket, encoder: number): WantedHead[] {
  const { kind, layer, head, others, aggregate } = looked;
  const all = (of: Kind, layer: number) =>
    Array.from({ length: packet.header.heads }, (_, head) => ({ kind: of, layer, head }));
  const upTo = (of: Kind, count: number) => Array.from({ length: count }, (_, layer) => all(of, layer)).flat();
  if (aggregate === "roll") {
    return kind === "cross" ? [...all(kind, layer), ...upTo("enc", encoder)] : upTo(kind, layer + 1);
  }
  if (aggregate === "one" || (aggregate === "mean" && others.length > 0)) {
    return [{ layer, head }, ...others].map((place) => ({ kind, ...place }));
  }
  return all(kind, layer);
}

/** The views of what is looked at, from the maps of its kind. */
export interface Views {
  /** What the large map shows. */
  readonly shown: AttentionView;
  /** The same in pieces. */
  readonly pieces: AttentionView;
  /** The single heads that went into it. */
  readonly heads: readonly AttentionView[];
}

/** @param maps the layers of the kind that is looked at, and for a rollout of cross-attention those of the encoder */
export function viewsOf(maps: readonly AttentionMap[], kind: AttentionKind, looked: LookedAt): Views {
  const { layer, head, others, aggregate, words } = looked;
  const explained = { text: "", source: { tokens: [], words: [] }, cut: 0, maps };
  const view = (layer: number, head: AttentionView["head"], words: boolean) =>
    attentionViews(explained, { kind, layer, head, words })[0];
  const several = [{ layer, head }, ...others];
  const together = aggregate === "mean" && others.length > 0;
  const every = together || aggregate === "one" ? several : headsOf(maps, kind, layer);
  const heads = aggregate === "roll" ? [] : every.map((place) => view(place.layer, place.head, words));
  const made = (words: boolean) => {
    if (together) return meanOf(several.map((place) => view(place.layer, place.head, words)));
    return view(layer, aggregate === "one" ? head : aggregate === "roll" ? "rollout" : aggregate, words);
  };
  const pieces = made(false);
  return { shown: words ? made(true) : pieces, pieces, heads };
}

function headsOf(maps: readonly AttentionMap[], kind: AttentionKind, layer: number): HeadPlace[] {
  const count = maps.find((map) => map.kind === kind && map.layer === layer)?.heads ?? 0;
  return Array.from({ length: count }, (_, head) => ({ layer, head }));
}

/** The mean of single heads of any layers. */
function meanOf(views: readonly AttentionView[]): AttentionView {
  const weights = new Float32Array(views[0].weights.length);
  for (const view of views) {
    for (let i = 0; i < weights.length; i++) weights[i] += view.weights[i] / views.length;
  }
  return { ...views[0], head: "mean", of: views.length, weights };
}

/** A place in pieces as one in words, or the other way; of a word its strongest piece. */
export function placeInUnit(pieces: AttentionView, place: Place, to: "piece" | "word"): Place | undefined {
  const [rows, cols] = [pieces.queries.tokens, pieces.keys.tokens];
  if (to === "word") {
    const [row, col] = [rows[place.row], cols[place.col]];
    return row && col && { row: row.word, col: col.word };
  }
  let best: Place | undefined;
  let most = -1;
  rows.forEach(({ word: asker }, row) => {
    cols.forEach(({ word }, col) => {
      const weight = pieces.weights[row * cols.length + col];
      if (asker === place.row && word === place.col && weight > most) [best, most] = [{ row, col }, weight];
    });
  });
  return best;
}

/** The mean of some rows of pieces as shares of words; of no row nothing. */
export function sharesOfWords(pieces: AttentionView, rows: readonly number[]): number[] {
  if (rows.length === 0) return [];
  const width = pieces.keys.tokens.length;
  return Array.from(
    mergeWords({
      ...pieces,
      queries: { tokens: rows.map((row) => ({ ...pieces.queries.tokens[row], word: 0 })), words: [""] },
      weights: Float32Array.from(rows.flatMap((row) => [...pieces.weights.slice(row * width, (row + 1) * width)])),
    }).weights,
  );
}
