import type { Example } from "../data/batches.ts";
import { DataError } from "../data/data-error.ts";
import { withSlip } from "../data/noise.ts";
import type { Pair } from "../data/pair.ts";
import type { PairFile } from "../data/pairs.ts";
import { type DataReport, reportPairs } from "../data/report.ts";
import { type LeakReport, leakReport, splitPairs } from "../data/split.ts";
import { Random } from "../random/random.ts";
import type { MergeDropout } from "../text/bpe-dropout.ts";
import { Tokenizer } from "../text/tokenizer.ts";
import type { Seq2SeqOptions } from "./seq2seq-options.ts";
import type { TrainData } from "./train-options.ts";

/** Pairs made ready for training. */
export interface Prepared {
  readonly tokenizer: Tokenizer;
  readonly data: TrainData<Example>;
  readonly report: DataReport;
  /** There where pairs are held out. */
  readonly leak?: LeakReport;
  readonly trainPairs: readonly Pair[];
  readonly validPairs: readonly Pair[];
}

/**
 * Splits pairs, trains the tokenizer on those to learn from, reports, and turns texts into token ids. Pairs longer
 * than `maxLength` are left out; the report counts them.
 *
 * @param valid pairs held out by the caller; without them `validFraction` of the file is
 * @throws {DataError} when nothing is left to learn from
 */
export function prepare(
  file: Pick<PairFile, "pairs" | "problems"> & { file: string },
  options: Seq2SeqOptions,
  valid?: readonly Pair[],
): Prepared {
  const split = valid === undefined ? heldOutPairs(file.pairs, options) : { train: file.pairs, valid };
  const tokenizer = Tokenizer.train(textsOf(split.train), { ...options, kind: options.tokenizer });
  const encode = (text: string, chance?: MergeDropout) =>
    Int32Array.from([tokenizer.startId, ...tokenizer.encode(text, chance), tokenizer.endId]);
  const report = reportPairs(file, {
    encode,
    maxLength: options.maxLength,
    countUnknown: (text) => unknownCharacters(tokenizer, text),
  });
  const train = fitting(split.train, encode, options);
  const held = fitting(split.valid, encode, options);
  if (train.pairs.length === 0) {
    throw new DataError(`no pair is left to learn from: all are longer than maxLength ${options.maxLength}`, file);
  }
  if (split.valid.length > 0 && held.pairs.length === 0) {
    throw new DataError(`no held-out pair is left: all are longer than maxLength ${options.maxLength}`);
  }
  return {
    tokenizer,
    report,
    trainPairs: train.pairs,
    validPairs: held.pairs,
    ...(split.valid.length > 0 && { leak: leakReport(split.train, split.valid) }),
    data: {
      train: train.examples,
      valid: held.examples,
      ...((options.sourceNoise > 0 || options.bpeDropout > 0) && {
        epochExamples: (epoch: number) => varied(train, encode, options, epoch),
      }),
    },
  };
}

/** Pairs to learn from, and those that the options say are held out. */
export function heldOutPairs(
  pairs: readonly Pair[],
  { seed, validFraction, keepTogether }: Pick<Seq2SeqOptions, "seed" | "validFraction" | "keepTogether">,
): { train: readonly Pair[]; valid: readonly Pair[] } {
  if (validFraction === 0) return { train: pairs, valid: [] };
  return splitPairs(pairs, { fraction: validFraction, seed, keepTogether });
}

/** The ids of a text with start and end, cut with merges left out by chance if one is given. */
type Encode = (text: string, chance?: MergeDropout) => Int32Array;

/** Pairs and the examples they become, in the same order. */
interface Encoded {
  readonly pairs: readonly Pair[];
  readonly examples: readonly Example[];
}

/** The pairs that hold something, and not too much for the model. */
function fitting(pairs: readonly Pair[], encode: Encode, options: Seq2SeqOptions): Encoded {
  const encoded = pairs.flatMap((pair) => {
    const example = { source: encode(pair.source), target: encode(pair.target) };
    return usable(example.source, options) && usable(example.target, options) ? [{ pair, example }] : [];
  });
  return { pairs: encoded.map(({ pair }) => pair), examples: encoded.map(({ example }) => example) };
}

/** The examples of an epoch: some sources with a typing slip, and texts cut with merges left out. */
function varied({ pairs, examples }: Encoded, encode: Encode, options: Seq2SeqOptions, epoch: number): Example[] {
  const { seed, sourceNoise, bpeDropout } = options;
  const slips = Random.of(seed, "slips", epoch);
  const chance = bpeDropout > 0 ? { dropout: bpeDropout, random: Random.of(seed, "merges", epoch) } : undefined;
  const instead = (text: string, usual: Int32Array) => {
    const ids = encode(text, chance);
    return usable(ids, options) ? ids : usual;
  };
  return pairs.map(({ source, target }, i) => {
    const slipped = sourceNoise > 0 && slips.uniform() < sourceNoise;
    if (!slipped && chance === undefined) return examples[i];
    return {
      source: instead(slipped ? withSlip(source, slips) : source, examples[i].source),
      target: chance === undefined ? examples[i].target : instead(target, examples[i].target),
    };
  });
}

/** Whether token ids with start and end hold something, and not too much for the model. */
function usable(ids: Int32Array, { maxLength }: Seq2SeqOptions): boolean {
  return ids.length > 2 && ids.length <= maxLength;
}

function* textsOf(pairs: readonly Pair[]): Generator<string> {
  for (const { source, target } of pairs) {
    yield source;
    yield target;
  }
}

/** Characters of a text that are written as bytes, or lost, because the vocabulary does not have them. */
function unknownCharacters(tokenizer: Tokenizer, text: string): number {
  const ids = tokenizer.encode(text);
  // Of a character's UTF-8 bytes only the first is no continuation byte, 80 to BF.
  const first = tokenizer.pieces(ids).filter((piece) => /^<0x(?:[0-7C-F])[0-9A-F]>$/.test(piece)).length;
  return first + ids.filter((id) => id === tokenizer.unknownId).length;
}
