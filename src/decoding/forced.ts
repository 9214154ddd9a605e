import { planBatches } from "../data/batch-plan.ts";
import { attentionRow, isCross } from "./cross-attention.ts";
import type { Decoder, Forced } from "./decoder.ts";
import type { AttentionStep } from "./hypothesis.ts";

/** What a model says of a target it was given. */
export interface ScoredTarget {
  /** Natural logarithm of the probability of each token. */
  readonly logProbabilities: Float32Array;
  /** Their sum. */
  readonly score: number;
  /** For each token what predicting it attended to, by name; empty unless asked for. */
  readonly attention: readonly AttentionStep[];
}

export interface ScoreOptions {
  readonly startId: number;
  /** Whether attention is told too. Default: no. */
  readonly attention?: boolean;
}

/** Cells a batch may have, padding included. */
const CELLS = 2048;

/**
 * Scores given targets (forced decoding): what the model says of each token, told all the tokens before it. Of the
 * tokens of a {@link Hypothesis}, and `<end>` if it is finished, this is what search says.
 *
 * @param sources token ids with `<start>` and `<end>`, one array a sentence
 * @param targets for each source the tokens to be scored, none empty: without `<start>`, and with `<end>` if that counts
 * @throws when a source or target is empty or longer than the model takes
 */
export async function scoreTargets(
  decoder: Decoder,
  sources: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
  options: ScoreOptions,
): Promise<ScoredTarget[]> {
  if (sources.length !== targets.length) {
    throw new Error(`scoreTargets: ${sources.length} sources came with ${targets.length} targets`);
  }
  if (sources.length === 0) return [];
  const lengths = {
    sources: Int32Array.from(sources, ({ length }) => length),
    targets: Int32Array.from(targets, ({ length }) => length),
  };
  const scored: ScoredTarget[] = new Array(sources.length);
  for (const batch of planBatches(lengths, { batchTokens: CELLS, seed: 0, epoch: 0 })) {
    const chosen = Array.from(batch);
    const forced = await decoder.force(
      chosen.map((i) => sources[i]),
      chosen.map((i) => targets[i]),
      options,
    );
    for (const [row, i] of chosen.entries()) scored[i] = targetOf(forced, row, sources[i].length, targets[i].length);
  }
  return scored;
}

function targetOf({ logProbabilities: all, attention }: Forced, row: number, source: number, length: number) {
  const time = all.shape[1];
  const logProbabilities = all.data.slice(row * time, row * time + length);
  const named = Object.entries(attention);
  const steps = Array.from({ length: named.length > 0 ? length : 0 }, (_, query) =>
    Object.fromEntries(
      named.map(([name, value]) => [
        name,
        attentionRow(value, { row, query, keys: isCross(name) ? source : query + 1 }),
      ]),
    ),
  );
  return { logProbabilities, score: logProbabilities.reduce((sum, value) => sum + value, 0), attention: steps };
}
