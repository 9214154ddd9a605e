import { Random } from "../random/random.ts";
import type { Example } from "./batches.ts";
import { DataError } from "./data-error.ts";

/** The lengths of examples, in tokens, as a batch pads them. */
export interface ExampleLengths {
  sources: Int32Array;
  /** Of the decoder input: one less than the target. */
  targets: Int32Array;
}

export interface PlanOptions {
  /** Examples a batch; either this or `batchTokens`. */
  batchSize?: number;
  /** The most cells a batch may have, padding included, source and target added up; either this or `batchSize`. */
  batchTokens?: number;
  seed: number;
  epoch: number;
  /** Lengths are taken as equal up to a multiple of this: wider mixes batches more and pads more. Default 1. */
  bucketWidth?: number;
  /** Batches are formed within windows of about so many, drawn at random: larger pads less, smaller mixes more. Default 100. */
  bucketWindow?: number;
}

export interface StepPlanOptions extends PlanOptions {
  /** Batches summed for one step of the optimizer. Default 1. */
  accumulate?: number;
}

/** The lengths that {@link planBatches} needs. */
export function lengthsOf(examples: readonly Example[]): ExampleLengths {
  return {
    sources: Int32Array.from(examples, ({ source }) => source.length),
    targets: Int32Array.from(examples, ({ target }) => target.length - 1),
  };
}

/** The batches of {@link planSteps}, one after another. */
export function planBatches(lengths: ExampleLengths, options: PlanOptions): Int32Array[] {
  return planSteps(lengths, options).flat();
}

/**
 * Which examples go into which batch, and which batches into which step of the optimizer, in an epoch: each example
 * once, and the plan follows from seed and epoch alone, so that a checkpoint needs only the epoch and the number of the
 * step.
 *
 * The examples are shuffled and dealt into windows, at least two, so that even a small set makes other batches in each
 * epoch. A window is cut in two again and again, by source or by target length, wherever the two parts pad least, down
 * to batches. The batches of a step come from all over one window, so that a step sees short and long examples; where
 * the window is no larger than the step, the step is a fair draw from all examples. Then the steps are shuffled; batches
 * that fill no step of their window make the last ones. With `batchSize`, examples left over make a smaller batch, the
 * last. With `batchTokens`, an example too long for the limit is a batch of its own.
 *
 * @returns indices of examples, batch by batch, step by step
 * @throws DataError if not exactly one of `batchSize` and `batchTokens` is given, or a number is not whole and from 1
 */
export function planSteps(lengths: ExampleLengths, options: StepPlanOptions): Int32Array[][] {
  const { batchSize, batchTokens } = checkOptions(options);
  const window = options.bucketWindow ?? 100;
  const width = options.bucketWidth ?? 1;
  const bucket = (length: number) => Math.ceil(length / width) * width;
  const rounded = { sources: lengths.sources.map(bucket), targets: lengths.targets.map(bucket) };
  const random = Random.of(options.seed, "batches", options.epoch);
  const shuffled = random.shuffle(Int32Array.from(lengths.sources.keys()));
  const rule = batchSize === undefined ? byTokens(lengths, batchTokens!) : bySize(batchSize);
  const size = batchSize ?? Math.max(1, Math.floor((batchTokens! * shuffled.length) / cellsOf(lengths)));
  const whole = batchSize === undefined ? shuffled.length : shuffled.length - (shuffled.length % batchSize);
  const batchCount = Math.ceil(whole / size);
  const windowSize = Math.max(1, Math.ceil(batchCount / Math.max(2, Math.ceil(batchCount / window)))) * size;
  const accumulate = options.accumulate ?? 1;
  const steps: Int32Array[][] = [];
  const rest: Int32Array[] = [];
  for (let start = 0; start < whole; start += windowSize) {
    const batches: Int32Array[] = [];
    cut(shuffled.subarray(start, Math.min(start + windowSize, whole)), rounded, rule, batches);
    const full = Math.floor(batches.length / accumulate);
    steps.push(...deal(batches.splice(0, full * accumulate), full));
    rest.push(...batches);
  }
  random.shuffle(steps);
  random.shuffle(rest);
  if (whole < shuffled.length) rest.push(shuffled.slice(whole));
  for (let i = 0; i < rest.length; i += accumulate) steps.push(rest.slice(i, i + accumulate));
  return steps;
}

/** Batches in the order of a cut, dealt round into hands of equal size. */
function deal(batches: readonly Int32Array[], hands: number): Int32Array[][] {
  return Array.from({ length: hands }, (_, hand) => batches.filter((_, i) => i % hands === hand));
}

/** The share of the cells of these batches that are padding, `0 … 1`, source and target added up. */
export function paddingShare(lengths: ExampleLengths, batches: readonly Int32Array[]): number {
  const padded = batches.reduce((sum, batch) => {
    const source = batch.reduce((longest, index) => Math.max(longest, lengths.sources[index]!), 0);
    const target = batch.reduce((longest, index) => Math.max(longest, lengths.targets[index]!), 0);
    return sum + batch.length * (source + target);
  }, 0);
  return 1 - cellsOf(lengths) / padded;
}

/** When a set of examples is a batch, where it may be cut, and what a part of it costs. */
interface Rule {
  isBatch(items: Int32Array): boolean;
  /** Cuts come after multiples of this many examples. */
  step(count: number): number;
  cost(count: number, sourceTime: number, targetTime: number): number;
}

function bySize(batchSize: number): Rule {
  return {
    isBatch: (items) => items.length <= batchSize,
    step: () => batchSize,
    cost: (count, sourceTime, targetTime) => count * (sourceTime + targetTime),
  };
}

function byTokens({ sources, targets }: ExampleLengths, batchTokens: number): Rule {
  const longest = (items: Int32Array, of: Int32Array) => items.reduce((most, index) => Math.max(most, of[index]!), 0);
  const fits = (items: Int32Array) => items.length * (longest(items, sources) + longest(items, targets)) <= batchTokens;
  return {
    isBatch: (items) => items.length <= 1 || fits(items),
    step: (count) => Math.max(1, count >> 6),
    // Whole batches first: a part that fills its batches is better than one that pads a little less.
    cost: (count, sourceTime, targetTime) => {
      const cells = count * (sourceTime + targetTime);
      return Math.ceil(cells / batchTokens) * batchTokens + cells / 4;
    },
  };
}

function cut(items: Int32Array, lengths: ExampleLengths, rule: Rule, batches: Int32Array[]): void {
  if (rule.isBatch(items)) {
    batches.push(items.slice());
    return;
  }
  const bySource = bestCut(items, lengths.sources, lengths.targets, rule);
  const byTarget = bestCut(items, lengths.targets, lengths.sources, rule);
  const { sorted, at } = byTarget.cost <= bySource.cost ? byTarget : bySource;
  cut(sorted.subarray(0, at), lengths, rule, batches);
  cut(sorted.subarray(at), lengths, rule, batches);
}

/** Sorts by one length and finds the cut after which the two parts cost least. */
function bestCut(items: Int32Array, along: Int32Array, across: Int32Array, rule: Rule) {
  const sorted = items.slice().sort((a, b) => along[a]! - along[b]!);
  const count = sorted.length;
  const longestAfter = new Int32Array(count + 1);
  for (let i = count - 1; i >= 0; i--) longestAfter[i] = Math.max(longestAfter[i + 1]!, across[sorted[i]!]!);
  const longest = along[sorted[count - 1]!]!;
  const step = rule.step(count);
  const best = { sorted, at: step, cost: Number.POSITIVE_INFINITY };
  let longestBefore = 0;
  for (let at = 1; at < count; at++) {
    const last = sorted[at - 1]!;
    longestBefore = Math.max(longestBefore, across[last]!);
    if (at % step !== 0) continue;
    const cost = rule.cost(at, along[last]!, longestBefore) + rule.cost(count - at, longest, longestAfter[at]!);
    if (cost < best.cost) Object.assign(best, { at, cost });
  }
  return best;
}

function cellsOf({ sources, targets }: ExampleLengths): number {
  const sum = (values: Int32Array) => values.reduce((total, value) => total + value, 0);
  return sum(sources) + sum(targets);
}

function checkOptions({ batchSize, batchTokens, bucketWidth, bucketWindow, accumulate }: StepPlanOptions) {
  if ((batchSize === undefined) === (batchTokens === undefined)) {
    throw new DataError("planBatches: give either batchSize or batchTokens");
  }
  for (const [name, value] of Object.entries({ batchSize, batchTokens, bucketWidth, bucketWindow, accumulate })) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new DataError(`planBatches: ${name} must be a whole number from 1; it is ${value}`);
  }
  return { batchSize, batchTokens };
}
