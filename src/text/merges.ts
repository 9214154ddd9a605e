import { Heap } from "./heap.ts";

/** What `learnMerges` is told. */
export interface MergeOptions {
  /** The pieces to begin with; their order decides between pairs that are equally common. */
  readonly alphabet: readonly string[];
  /** How many pieces to add at most. */
  readonly limit: number;
  /** Pairs rarer than this are not merged. */
  readonly minimumFrequency: number;
  /** The units of a word; one that is not in the alphabet parts what is before it from what is after. */
  readonly units: (word: string) => string[];
  /** The piece that two pieces make. */
  readonly join: (left: string, right: string) => string;
}

/** Which pieces were merged, in order, and the pieces they made: fewer, if two merges make the same one. */
export interface Merges {
  readonly merges: [left: string, right: string][];
  readonly pieces: string[];
}

interface Pair {
  readonly left: number;
  readonly right: number;
  /** Occurrences in all words, overlapping ones too. */
  count: number;
  /** The sequences it may be found in. */
  sequences: number[];
}

/** A pair with the count it had when it joined the queue, which is never less than it has now. */
interface Candidate {
  readonly pair: Pair;
  readonly count: number;
}

/**
 * Byte-pair encoding: again and again, the commonest pair of neighbouring pieces becomes a piece (Sennrich, Haddow and
 * Birch 2016, §3.2).
 *
 * Of equally common pairs, the one whose left piece is older is merged first, then the one whose right piece is older;
 * so the order of the words does not matter. Counts and ties are those of Hugging Face's `BpeTrainer`, and so are the
 * merges (a test compares them). Counts are kept up to date only where a merge changed a word.
 *
 * @param words how often each word occurs
 */
export function learnMerges(words: ReadonlyMap<string, number>, options: MergeOptions): Merges {
  const pieces = [...options.alphabet];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const { sequences, counts } = sequencesOf(words, options.units, ids);

  const pairs = new Map<number, Pair>();
  const queue = new Heap<Candidate>(commonerFirst);
  const raised = new Set<Pair>();
  const change = (left: number, right: number, sequence: number, sign: 1 | -1) => {
    const key = left * 2 ** 26 + right;
    const pair = pairs.get(key) ?? { left, right, count: 0, sequences: [] };
    pairs.set(key, pair);
    pair.count += sign * counts[sequence];
    if (sign < 0) return;
    raised.add(pair);
    if (pair.sequences.at(-1) !== sequence) pair.sequences.push(sequence);
  };
  const queueRaised = () => {
    for (const pair of raised) queue.push({ pair, count: pair.count });
    raised.clear();
  };

  sequences.forEach((sequence, index) => {
    for (let i = 1; i < sequence.length; i++) change(sequence[i - 1], sequence[i], index, 1);
  });
  queueRaised();

  const merges: [string, string][] = [];
  while (pieces.length < options.alphabet.length + options.limit) {
    const first = queue.pop();
    if (!first || first.count < options.minimumFrequency) break;
    const { pair } = first;
    if (first.count !== pair.count) {
      if (pair.count > 0) queue.push({ pair, count: pair.count });
      continue;
    }
    const piece = options.join(pieces[pair.left], pieces[pair.right]);
    const id = ids.get(piece) ?? pieces.push(piece) - 1;
    ids.set(piece, id);
    merges.push([pieces[pair.left], pieces[pair.right]]);

    const places = pair.sequences;
    pair.sequences = [];
    for (const index of places) sequences[index] = merge(sequences[index], pair, id, index, change);
    pair.count = 0;
    queueRaised();
  }
  return { merges, pieces: pieces.slice(options.alphabet.length) };
}

function commonerFirst(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.pair.left !== b.pair.left ? a.pair.left < b.pair.left : a.pair.right < b.pair.right;
}

/** Merges the pair in one sequence, from left to right, and tells which neighbours that parts and joins. */
function merge(
  sequence: readonly number[],
  { left, right }: Pair,
  id: number,
  index: number,
  change: (left: number, right: number, sequence: number, sign: 1 | -1) => void,
): number[] {
  const merged: number[] = [];
  for (let i = 0; i < sequence.length; i++) {
    if (sequence[i] !== left || sequence[i + 1] !== right) {
      merged.push(sequence[i]);
      continue;
    }
    if (merged.length > 0) {
      change(merged[merged.length - 1], left, index, -1);
      change(merged[merged.length - 1], id, index, 1);
    }
    if (i + 2 < sequence.length) {
      change(right, sequence[i + 2], index, -1);
      change(id, sequence[i + 2], index, 1);
    }
    merged.push(id);
    i++;
  }
  return merged;
}

function sequencesOf(words: ReadonlyMap<string, number>, units: MergeOptions["units"], ids: Map<string, number>) {
  const sequences: number[][] = [];
  const counts: number[] = [];
  for (const [word, count] of words) {
    let sequence: number[] = [];
    for (const unit of [...units(word), ""]) {
      const id = ids.get(unit);
      if (id !== undefined) {
        sequence.push(id);
      } else {
        if (sequence.length > 1) counts[sequences.push(sequence) - 1] = count;
        sequence = [];
      }
    }
  }
  return { sequences, counts };
}
