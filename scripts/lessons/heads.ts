import { Decoder } from "../../src/decoding/decoder.ts";
import type { Transformer } from "../../src/models/transformer.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import type { FlatValues } from "../../src/runtime/parameters.ts";
import type { Value } from "../../src/runtime/value.ts";
import { dot, entropyBits, softmax } from "../../studio/lessons/shares.ts";
import { END, framed, idsOf, PAD, START, WORDS } from "./little-language.ts";
import { rounded, roundedRows } from "./rounded.ts";
import { computed, D_MODEL, type Projections, projections, unplaced } from "./translator.ts";

/** A translator with its weights. */
export interface Trained {
  readonly model: Transformer;
  readonly weights: FlatValues;
}

/** The sentence that is shown, and one of its translations. */
export const SHOWN = {
  source: "나는 어제 도서관에서 책을 빌렸다 .",
  target: "I borrowed a book at the library yesterday .",
};

const [source, read, written] = [
  [...framed(SHOWN.source)],
  [START, ...idsOf(SHOWN.target)],
  [...idsOf(SHOWN.target), END],
];

/** What the most focused head of each attention asks, shows and carries. */
export async function headNumbers(engine: Engine, trained: Trained, numHeads: number) {
  const results = await computed(engine, trained, named(projections(trained.model)), { source, read });
  const depth = D_MODEL / numHeads;
  const numbers = (kind: Kind) => {
    const part = (which: keyof Projections, head: number) => columns(results[`${kind}.${which}`], depth, head);
    const spread = (head: number) => meanEntropy(part("queries", head), part("keys", head), kind === "decoder");
    const spreads = Array.from({ length: numHeads }, (_, head) => spread(head));
    const h = spreads.indexOf(Math.min(...spreads));
    return { h, q: part("queries", h), k: part("keys", h), v: part("values", h) };
  };
  return {
    source: source.map(textOf),
    read: read.map(textOf),
    written: written.map(textOf),
    enc: numbers("encoder"),
    dec: numbers("decoder"),
    cross: numbers("cross"),
  };
}

/** How widely the rows of a head look, in bits. */
function meanEntropy(queries: readonly number[][], keys: readonly number[][], causal: boolean): number {
  const bits = queries.map((query, row) =>
    entropyBits(
      softmax((causal ? keys.slice(0, row + 1) : keys).map((key) => dot(query, key) / Math.sqrt(key.length))),
    ),
  );
  return bits.reduce((sum, value) => sum + value, 0) / bits.length;
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
  const given = { source, read: [START] };
  const results = {
    ...(await computed(engine, trained, named({ placed: projections(trained.model).encoder }), given)),
    ...(await computed(engine, trained, named({ bare: unplaced(trained.model) }), given)),
  };
  const of = (name: string) => columns(results[name], depth, head);
  const minus = (a: number[][], b: number[][]) =>
    a.map((row, i) =>
      rounded(
        row.map((value, c) => value - b[i][c]),
        3,
      ),
    );
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
    const scores = q.map((query) =>
      rounded(
        k.map((key) => dot(query, key) / Math.sqrt(depth)),
        3,
      ),
    );
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

function textOf(id: number): string {
  return WORDS[id];
}
