import { Random } from "../random/random.ts";
import { comparedText } from "./compared-text.ts";
import { DataError } from "./data-error.ts";
import type { LabelledText } from "./labelled-texts.ts";

/** Texts to learn from and texts to be examined on, each in the order of the file. */
export interface LabelledSplit {
  train: LabelledText[];
  valid: LabelledText[];
}

/**
 * Holds out the same share of every class, at random, the same texts for the same seed. Texts that differ only in letter
 * case, blanks and punctuation stay on one side. A class with too few texts for its share is learnt from whole; none is
 * held out whole.
 *
 * @param options.fraction `0 < fraction < 1`
 * @throws DataError if that leaves nothing held out
 */
export function splitLabelled(
  texts: readonly LabelledText[],
  { fraction, seed }: { fraction: number; seed: number },
): LabelledSplit {
  const counts = new Map<string, number>();
  for (const { label } of texts) counts.set(label, (counts.get(label) ?? 0) + 1);
  // Something of every class is left to learn from.
  const wanted = new Map([...counts].map(([label, n]) => [label, Math.min(n - 1, Math.round(fraction * n))]));
  const same = new Map<string, LabelledText[]>();
  for (const item of texts) {
    const key = comparedText(item.text);
    const others = same.get(key);
    if (others === undefined) same.set(key, [item]);
    else others.push(item);
  }
  const held = new Set<LabelledText>();
  for (const set of Random.of(seed, "split", "labels").shuffle([...same.values()])) {
    const [{ label }] = set;
    if (set.some((item) => item.label !== label) || wanted.get(label)! < set.length) continue;
    wanted.set(label, wanted.get(label)! - set.length);
    for (const item of set) held.add(item);
  }
  if (held.size === 0) {
    throw new DataError(
      `no class has enough texts to hold ${fraction} of them out; hold out more, nothing (0), or give a validation file`,
    );
  }
  return { train: texts.filter((item) => !held.has(item)), valid: texts.filter((item) => held.has(item)) };
}

/** How much of the held-out texts was seen in training, in words and as a share, `0 … 1`. */
export interface TextLeak {
  texts: number;
  sentence: string;
}

/** Counts the held-out texts that also occur in training, compared without letter case, blanks and punctuation. */
export function textLeak(train: readonly LabelledText[], valid: readonly LabelledText[]): TextLeak {
  const seen = new Set(train.map(({ text }) => comparedText(text)));
  const texts = valid.filter(({ text }) => seen.has(comparedText(text))).length / Math.max(1, valid.length);
  const percent = texts > 0 && texts < 0.01 ? "under 1" : Math.round(100 * texts);
  return { texts, sentence: `${percent} % of held-out texts also occur in training` };
}
