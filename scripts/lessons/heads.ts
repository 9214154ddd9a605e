import { Decoder } from "../../src/decoding/decoder.ts";
import type { Transformer } from "../../src/models/transformer.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import type { FlatValues } from "../../src/runtime/parameters.ts";
import type { Value } from "../../src/runtime/value.ts";
import { END, framed, idsOf, PAD, START, WORDS } from "./little-language.ts";
import { rounded, roundedRows } from "./rounded.ts";
import { computed, D_MODEL, type Projections, projections, unplaced } from "./translator.ts";

/** A translator with its weights. */
export interface Trained {
  readonly model: Transformer;
  readonly weights: FlatValues;
}

/** The sentence that is shown, and one of its translations. */
export const SHOWN = { source: "나는 어제 도서관에서 책을 빌렸다 .", target: "I borrowed a book at the library yesterday ." };

const [source, read, written] = [
  [...framed(SHOWN.source)],
  [START, ...idsOf(SHOWN.target)],
  [...idsOf(SHOWN.target), END],
];

/** What one head of each attention asks, shows and carries. */
export async function headNumbers(engine: Engine, trained: Trained, numHeads: number, heads: Record<Kind, number>) {
  const outputs = named(projections(trained.model));
  const results = await computed(engine, trained, outputs, { source, read });
  const part = (kind: Kind, which: keyof Projections) =>
    columns(results[`${kind}.${which}`], D_MODEL / numHeads, heads[kind]);
  const numbers = (kind: Kind) => ({
    h: heads[kind],
    q: part(kind, "queries"),
    k: part(kind, "keys"),
    v: part(kind, "values"),
  });
  return {
    source: source.map(textOf),
    read: read.map(textOf),
    written: written.map(textOf),
    enc: numbers("encoder"),
    dec: numbers("decoder"),
    cross: numbers("cross"),
  };
}

type Kind = "encoder" | "decoder" | "cross";

/** Cross-attention of every head for the shown translation, `[heads, written, source]`. */
export async function crossWeights(engine: Engine, { model, weights }: Trained): Promise<Value> {
  const decoder = await Decoder.compile(engine, model, weights);
  const forced = await decoder.force([source], [written], { startId: START, attention: true });
  await decoder.release();
  return forced.attention["cross.0"];
}

/**
 * A head of the encoder taken apart: q = W(word + place) + b, so what a word adds to query and key (b counts to it) and
 * what each place adds. Any order of the words, with places or without, follows from these.
 */
export async function placeNumbers(engine: Engine, trained: Trained, numHeads: number, head: number) {
  const depth = D_MODEL / numHeads;
  const outputs = named({ placed: projections(trained.model).encoder, bare: unplaced(trained.model) });
  const results = await computed(engine, trained, outputs, { source, read: [START] });
  const of = (name: string) => columns(results[name], depth, head);
  const minus = (a: number[][], b: number[][]) => a.map((row, i) => rounded(row.map((value, c) => value - b[i][c])));
  return {
    h: head,
    words: source.map(textOf),
    wordQ: of("bare.queries"),
    wordK: of("bare.keys"),
    placeQ: minus(of("placed.queries"), of("bare.queries")),
    placeK: minus(of("placed.keys"), of("bare.keys")),
  };
}

/** Self-attention of a batch of three sentences without the padding mask. */
export async function paddingNumbers(engine: Engine, trained: Trained, numHeads: number, head: number) {
  const texts = [SHOWN.source, "우리는 표를 샀다 .", "지우는 오늘 공을 찾았다 ."].map((text) => [...framed(text)]);
  const longest = Math.max(...texts.map(({ length }) => length));
  const depth = D_MODEL / numHeads;
  const outputs = named({ encoder: projections(trained.model).encoder });
  const batch = [];
  for (const ids of texts) {
    const padded = [...ids, ...Array<number>(longest - ids.length).fill(PAD)];
    const result = await computed(engine, trained, outputs, { source: padded, read: [START] });
    const [q, k] = [columns(result["encoder.queries"], depth, head), columns(result["encoder.keys"], depth, head)];
    const scores = q.map((query) => rounded(k.map((key) => dot(query, key) / Math.sqrt(depth)), 3));
    batch.push({ words: padded.map(textOf), real: ids.length, scores });
  }
  return { h: head, texts: batch };
}

function named(kinds: Readonly<Record<string, Projections>>) {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([kind, parts]) =>
      Object.entries(parts).map(([part, tensor]) => [`${kind}.${part}`, tensor]),
    ),
  );
}

/** The columns of one head, `[1, length, dModel]` → `[length][depth]`. */
function columns({ data }: Value, depth: number, head: number): number[][] {
  return roundedRows(data as Float32Array, D_MODEL).map((row) => row.slice(head * depth, (head + 1) * depth));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function textOf(id: number): string {
  return WORDS[id];
}
