import { BeamSearch, candidatesOf } from "./beam.ts";
import { Chooser } from "./choices.ts";
import type { Hypothesis, SpecialIds } from "./hypothesis.ts";
import { hypothesisOf, type Path, type Ranking, ranked, type SentenceSearch } from "./path.ts";
import { SampleSearch } from "./sampling.ts";
import { type SearchOptions, type Settings, settingsOf } from "./search-options.ts";
import type { Stepper, Wanted } from "./stepper.ts";

/** What is known after a step. */
export interface SearchProgress {
  /** Steps done, from 1. */
  readonly step: number;
  /** For each sentence the best hypothesis so far. */
  readonly best: readonly Draft[];
  /** The sentences whose search was over with this step. */
  readonly ended: readonly Ended[];
}

/** A sentence that is written. */
export interface Ended {
  /** Its number among the sources. */
  readonly sentence: number;
  /** Best first: at most `nBest`, at least one. */
  readonly hypotheses: readonly Hypothesis[];
}

/** A hypothesis that may still change. */
export interface Draft {
  /** Token ids without `<start>` and `<end>`. */
  readonly tokens: readonly number[];
  /** How many of the first tokens are the first of whatever will win: they are not taken back. Greedily, all. */
  readonly certain: number;
  /** Whether the search for this sentence is over; of one that was ended by its signal, no. */
  readonly over: boolean;
}

/**
 * Writes sentences: greedily, by beam search, or by sampling. All sentences and all their beams take their steps
 * together; those that are over leave the batch. What another sentence in the batch does changes nothing.
 *
 * The rules of order, ties and ends are those of {@link BeamSearch} and {@link SampleSearch}.
 *
 * @param sources token ids with `<start>` and `<end>`, one array a sentence
 * @returns after an update for every step, for each sentence its hypotheses, best first: at most `nBest`, at least one;
 *   none of a sentence that was ended by its signal
 * @throws {SearchOptionsError} when an option does not fit
 * @throws the reason of the signal when that stops the search
 */
export async function* search(
  stepper: Stepper,
  sources: readonly ArrayLike<number>[],
  options: SearchOptions & SpecialIds,
): AsyncGenerator<SearchProgress, Hypothesis[][], undefined> {
  const settings = settingsOf(options, sources, stepper);
  const { startId, signal, each } = settings;
  const { searches, wanted } = begun(stepper, sources, settings);
  signal?.throwIfAborted();
  if (sources.length === 0) return [];
  const stepping = await stepper.begin(sources);

  let bases = searches.map(() => 0);
  for (let step = 1; ; step++) {
    signal?.throwIfAborted();
    const rows = searches.map(({ live }, i) => (each[i]?.signal?.aborted === true ? [] : live));
    if (rows.every(({ length }) => length === 0)) break;
    const parents = rows.flatMap((paths, i) => paths.map(({ parent }) => bases[i] + parent));
    const tokens = rows.flatMap((paths) => paths.map((path) => path.tokens.at(-1) ?? startId));
    const scores = await stepping.step({ parents, tokens }, wanted);
    const ended: Ended[] = [];
    let base = 0;
    bases = searches.map((sentence, number) => {
      const from = base;
      base += rows[number].length;
      if (base > from) {
        sentence.advance(scores.slice(from, base));
        if (sentence.live.length === 0) ended.push({ sentence: number, hypotheses: hypothesesOf(sentence, settings) });
      }
      return from;
    });
    yield { step, best: searches.map((sentence) => draftOf(sentence, settings)), ended };
  }
  return searches.map((sentence) => (sentence.live.length === 0 ? hypothesesOf(sentence, settings) : []));
}

/**
 * {@link search} to its end.
 *
 * @returns for each sentence its hypotheses, best first
 */
export async function decode(
  stepper: Stepper,
  sources: readonly ArrayLike<number>[],
  options: SearchOptions & SpecialIds,
): Promise<Hypothesis[][]> {
  const steps = search(stepper, sources, options);
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
  }
}

/** A search for each sentence, and what they want to know at each step. */
function begun(
  { vocabularySize }: Stepper,
  sources: readonly ArrayLike<number>[],
  settings: Settings,
): { searches: SentenceSearch[]; wanted: Wanted } {
  const { beam, nBest, sampling, most, rules, coverage, each } = settings;
  const chooser = new Chooser(rules, vocabularySize);
  const searches = sources.map((source, sentence) => {
    const one = { ...settings, sentence, most: most[sentence] };
    if (sampling === undefined) return new BeamSearch(chooser, { ...one, beam });
    const seed = each[sentence]?.seed ?? sampling.seed;
    return new SampleSearch(chooser, { ...one, source, sampling: { ...sampling, seed }, samples: nBest });
  });
  const drawnFrom = sampling?.temperature === 0 ? 1 : sampling?.topK;
  const tokens = chooser.wanted(sampling === undefined ? candidatesOf(beam) : drawnFrom);
  return { searches, wanted: { ...tokens, attention: settings.attention || coverage > 0 } };
}

function hypothesesOf({ finished }: SentenceSearch, settings: Settings): Hypothesis[] {
  return ranked(finished, settings).slice(0, settings.nBest).map(hypothesisOf);
}

/** What is certain of a sentence between two steps. */
export function draftOf({ live, finished }: SentenceSearch, ranking: Ranking): Draft {
  if (live.length + finished.length === 1) {
    const [{ tokens }] = [...live, ...finished];
    return { tokens, certain: tokens.length, over: live.length === 0 };
  }
  const over = live.length === 0;
  const [ended] = ranked(finished, ranking);
  const [{ path: best }] = ranked(ended === undefined ? live : [ended.path, ...live], ranking);
  const certain = over ? best.tokens.length : sharedLength([...live, ...(ended === undefined ? [] : [ended.path])]);
  return { tokens: best.tokens, certain, over };
}

/** How many of the first tokens are the same in all paths. */
function sharedLength([first, ...others]: readonly Path[]): number {
  return others.reduce((shared, { tokens }) => {
    let length = 0;
    while (length < shared && length < tokens.length && tokens[length] === first.tokens[length]) length++;
    return length;
  }, first.tokens.length);
}
