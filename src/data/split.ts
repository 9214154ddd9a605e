import { Random } from "../random/random.ts";
import { comparedText } from "./compared-text.ts";
import { DataError } from "./data-error.ts";
import type { Pair } from "./pair.ts";

/** Which rows stay on one side: those with the same source, target, either of both (and so on, from row to row), or group. */
export type KeepTogether = "none" | "source" | "target" | "either" | "group";

export interface SplitOptions {
  /** How much is held out, `0 < fraction < 1`; either this or `count`. */
  fraction?: number;
  /** How many pairs are held out; either this or `fraction`. */
  count?: number;
  seed: number;
  /** Default `none`. */
  keepTogether?: KeepTogether;
}

/** Pairs to learn from and pairs to be examined on, each in the order of the file. */
export interface Split<P extends Pair = Pair> {
  train: P[];
  valid: P[];
}

/**
 * Holds pairs out at random, the same ones for the same seed.
 *
 * Texts are the same if they differ only in letter case, blanks and punctuation. Where rows stay together, sets of
 * rows are drawn at random and one that would go over the size asked for is passed over: `valid` may then be a little
 * smaller than asked, and holds few of the very large sets.
 *
 * @throws DataError if the size does not leave at least one pair on each side, if rows that stay together are too many
 *   for that, or if a pair has no group
 */
export function splitPairs<P extends Pair>(pairs: readonly P[], options: SplitOptions): Split<P> {
  const wanted = heldOutCount(pairs.length, options);
  const keepTogether = options.keepTogether ?? "none";
  const sets = Random.of(options.seed, "split", keepTogether).shuffle(setsOf(pairs, keepTogether));
  const heldOut = new Set<number>();
  for (const set of sets) {
    if (heldOut.size + set.length > wanted) continue;
    for (const index of set) heldOut.add(index);
    if (heldOut.size === wanted) break;
  }
  if (heldOut.size === 0) {
    const smallest = sets.reduce((least, set) => Math.min(least, set.length), pairs.length);
    throw new DataError(
      `splitPairs: ${wanted} of ${pairs.length} pairs are to be held out, but the smallest set of rows that stay together (${keepTogether}) has ${smallest}; hold out more, or keep fewer rows together`,
    );
  }
  return sides(pairs, heldOut);
}

/**
 * Holds one pair of every group out, chosen at random; the others of the group are learnt from. A pair alone in its
 * group is learnt from.
 *
 * @throws DataError if a pair has no group
 */
export function holdOutOnePerGroup<P extends Pair>(pairs: readonly P[], seed: number): Split<P> {
  const heldOut = new Set<number>();
  for (const set of setsOf(pairs, "group")) {
    const random = Random.of(seed, "one per group", pairs[set[0]!]!.group ?? "");
    if (set.length > 1) heldOut.add(set[random.integer(set.length)]!);
  }
  return sides(pairs, heldOut);
}

/** How much of what is held out was seen in training. */
export interface LeakReport {
  /** The share of held-out sources that also occur in training, `0 … 1`. */
  sources: number;
  /** The share of held-out targets that also occur in training, `0 … 1`. */
  targets: number;
  /** Both in words. */
  sentence: string;
}

/**
 * Counts the held-out sources and targets that also occur in training, compared without letter case, blanks and
 * punctuation.
 *
 * @param names what sources and targets are called in the sentence; questions and answers if not given
 */
export function leakReport(
  train: readonly Pair[],
  valid: readonly Pair[],
  names: { sources: string; targets: string } = { sources: "questions", targets: "answers" },
): LeakReport {
  const share = (text: (pair: Pair) => string): number => {
    const seen = new Set(train.map((pair) => comparedText(text(pair))));
    return valid.filter((pair) => seen.has(comparedText(text(pair)))).length / Math.max(1, valid.length);
  };
  const sources = share(({ source }) => source);
  const targets = share(({ target }) => target);
  const percent = (part: number) => `${part > 0 && part < 0.01 ? "under 1" : Math.round(100 * part)} %`;
  const sentence = `${percent(sources)} of held-out ${names.sources} and ${percent(targets)} of held-out ${names.targets} also occur in training`;
  return { sources, targets, sentence };
}

function heldOutCount(total: number, { fraction, count }: SplitOptions): number {
  if ((fraction === undefined) === (count === undefined)) {
    throw new DataError("splitPairs: give either a fraction or a count to hold out");
  }
  if (fraction !== undefined && !(fraction > 0 && fraction < 1)) {
    throw new DataError(`splitPairs: the fraction to hold out must lie between 0 and 1; it is ${fraction}`);
  }
  const wanted = count ?? Math.max(1, Math.round(fraction! * total));
  if (!Number.isInteger(wanted) || wanted < 1 || wanted >= total) {
    throw new DataError(
      `splitPairs: ${wanted} of ${total} pairs cannot be held out; both sides need at least one whole pair`,
    );
  }
  return wanted;
}

function sides<P>(pairs: readonly P[], heldOut: ReadonlySet<number>): { train: P[]; valid: P[] } {
  return {
    train: pairs.filter((_, index) => !heldOut.has(index)),
    valid: pairs.filter((_, index) => heldOut.has(index)),
  };
}

/** The indices of the pairs in sets that stay together. */
function setsOf(pairs: readonly Pair[], keepTogether: KeepTogether): number[][] {
  const parent = Int32Array.from(pairs, (_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const firstWith = new Map<string, number>();
  for (const [index, pair] of pairs.entries()) {
    for (const key of keysOf(pair, keepTogether)) {
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, index);
      else parent[root(index)] = root(first);
    }
  }
  const sets = new Map<number, number[]>();
  for (let index = 0; index < pairs.length; index++) {
    const set = sets.get(root(index));
    if (set === undefined) sets.set(root(index), [index]);
    else set.push(index);
  }
  return [...sets.values()];
}

function keysOf({ source, target, group, line }: Pair, keepTogether: KeepTogether): string[] {
  const sourceKey = `source ${comparedText(source)}`;
  const targetKey = `target ${comparedText(target)}`;
  switch (keepTogether) {
    case "none":
      return [];
    case "source":
      return [sourceKey];
    case "target":
      return [targetKey];
    case "either":
      return [sourceKey, targetKey];
    case "group":
      if (group === undefined) {
        throw new DataError("the pair has no group; choose the group column when the file is read", { line });
      }
      return [group];
  }
}
