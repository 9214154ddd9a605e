import type { Example } from "../data/batches.ts";
import { DataError } from "../data/data-error.ts";
import { withSlip } from "../data/noise.ts";
import type { Pair } from "../data/pair.ts";
import type { PairFile } from "../data/pairs.ts";
import { type DataReport, reportPairs } from "../data/report.ts";
import { type LeakReport, leakReport, splitPairs } from "../data/split.ts";
import { Random } from "../random/random.ts";
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
  const encode = (text: string) => [tokenizer.startId, ...tokenizer.encode(text), tokenizer.endId];
  const report = reportPairs(file, {
    encode,
    maxLength: options.maxLength,
    countUnknown: (text) => unknownCharacters(tokenizer, text),
  });
  const fits = ({ source, target }: Pair) => [source, target].every((text) => usable(encode(text), options));
  const trainPairs = split.train.filter(fits);
  const validPairs = split.valid.filter(fits);
  if (trainPairs.length === 0) {
    throw new DataError(`no pair is left to learn from: all are longer than maxLength ${options.maxLength}`, file);
  }
  if (split.valid.length > 0 && validPairs.length === 0) {
    throw new DataError(`no held-out pair is left: all are longer than maxLength ${options.maxLength}`);
  }
  const examples = (pairs: readonly Pair[]) => pairs.map(({ source, target }) => exampleOf(encode, source, target));
  const train = examples(trainPairs);
  return {
    tokenizer,
    report,
    trainPairs,
    validPairs,
    ...(split.valid.length > 0 && { leak: leakReport(split.train, split.valid) }),
    data: {
      train,
      valid: examples(validPairs),
      ...(options.sourceNoise > 0 && {
        epochExamples: (epoch: number) => withSlips(trainPairs, train, encode, options, epoch),
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

/** The examples of an epoch: some sources with a typing slip. */
function withSlips(
  pairs: readonly Pair[],
  examples: readonly Example[],
  encode: (text: string) => number[],
  options: Seq2SeqOptions,
  epoch: number,
): Example[] {
  const random = Random.of(options.seed, "slips", epoch);
  return pairs.map(({ source }, i) => {
    if (random.uniform() >= options.sourceNoise) return examples[i];
    const ids = encode(withSlip(source, random));
    return usable(ids, options) ? { source: Int32Array.from(ids), target: examples[i].target } : examples[i];
  });
}

/** Whether token ids with start and end hold something, and not too much for the model. */
function usable(ids: readonly number[], { maxLength }: Seq2SeqOptions): boolean {
  return ids.length > 2 && ids.length <= maxLength;
}

function exampleOf(encode: (text: string) => number[], source: string, target: string): Example {
  return { source: Int32Array.from(encode(source)), target: Int32Array.from(encode(target)) };
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
