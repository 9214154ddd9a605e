import type { Value } from "../runtime/value.ts";
import type { Decoder } from "./decoder.ts";

/** Token ids that decoding needs to know. */
export interface SpecialIds {
  readonly startId: number;
  readonly endId: number;
}

export interface GreedyOptions extends SpecialIds {
  /** The most tokens to write, `<end>` included. Default: as many as the model takes. */
  maxTokens?: number;
}

/** A written sentence. */
export interface Hypothesis {
  /** Token ids without `<start>` and `<end>`. */
  readonly tokens: number[];
  /** Sum of the natural logarithms of the probabilities of the tokens, `<end>` included. */
  readonly score: number;
  /** Whether the sentence reached `<end>`; else it was cut off. */
  readonly finished: boolean;
  /** For each step, `<end>` included, attention weights by name, `[heads, key]` of this sentence; empty unless asked for. */
  readonly attention: readonly Readonly<Record<string, AttentionRow>>[];
}

/** Attention of one query: for each head a weight a key. */
export interface AttentionRow {
  readonly heads: number;
  readonly keys: number;
  /** `[heads, keys]` */
  readonly weights: Float32Array;
}

/**
 * Greedy decoding: at each step the likeliest token, until every sentence has reached `<end>`. Among equally likely
 * tokens the one with the smallest id is taken.
 *
 * @param sources token ids with `<start>` and `<end>`, one array a sentence
 */
export async function greedy(
  decoder: Decoder,
  sources: readonly ArrayLike<number>[],
  options: GreedyOptions,
): Promise<Hypothesis[]> {
  const hypotheses = sources.map(() => ({
    tokens: [] as number[],
    score: 0,
    finished: false,
    attention: [] as Record<string, AttentionRow>[],
  }));
  const limit = Math.min(options.maxTokens ?? decoder.maxLength, decoder.maxLength);
  let decoding = await decoder.begin(sources);
  let last = new Int32Array(sources.length).fill(options.startId);
  for (let written = 0; written < limit && hypotheses.some(({ finished }) => !finished); written++) {
    const step = await decoder.step(decoding, last);
    hypotheses.forEach((hypothesis, row) => {
      if (hypothesis.finished) return;
      const token = step.tokens[row];
      hypothesis.score += step.logProbabilities[row];
      hypothesis.finished = token === options.endId;
      if (!hypothesis.finished) hypothesis.tokens.push(token);
      const names = Object.keys(step.attention);
      if (names.length > 0) {
        const rows = names.map((name) => [name, rowOf(step.attention[name], row)] as const);
        hypothesis.attention.push(Object.fromEntries(rows));
      }
    });
    decoding = step.decoding;
    last = Int32Array.from(step.tokens);
  }
  return hypotheses;
}

/** The weights of one sentence out of `[batch, heads, 1, key]`. */
function rowOf({ shape: [, heads, , keys], data }: Value, row: number): AttentionRow {
  const size = heads * keys;
  return { heads, keys, weights: (data as Float32Array).slice(row * size, (row + 1) * size) };
}
