import { BeamSearch, candidatesOf } from "./beam.ts";
import { Chooser } from "./choices.ts";
import type { Hypothesis, SpecialIds } from "./hypothesis.ts";
import { hypothesisOf, type Path, type Ranking, ranked, type SentenceSearch } from "./path.ts";
import { SampleSearch } from "./sampling.ts";
import { type Arrival, type SearchOptions, SearchOptionsError, type Settings, settingsOf } from "./search-options.ts";
import type { Stepper, Wanted } from "./stepper.ts";

/** What is known after a step. */
export interface SearchProgress {
  /** Steps done, from 1. */
  readonly step: number;
  /** The best hypothesis so far of each sentence that took the step. */
  readonly drafts: readonly Draft[];
  /** The sentences whose search was over with this step, or ended by their signals while others took it. */
  readonly ended: readonly Ended[];
}

/** A sentence that is written. */
export interface Ended {
  /** Its number among the sources, and those that joined after them. */
  readonly sentence: number;
  /** Best first: at most `nBest`, at least one; none of a sentence that was ended by its signal. */
  readonly hypotheses: readonly Hypothesis[];
}

/** A hypothesis that may still change. */
export interface Draft {
  /** Its number as of {@link Ended}. */
  readonly sentence: number;
  /** Token ids without `<start>` and `<end>`. */
  readonly tokens: readonly number[];
  /** How many of the first tokens are the first of whatever will win: they are not taken back. Greedily, all. */
  readonly certain: number;
  /** Whether the search for this sentence is over; of one that was ended by its signal, no. */
  readonly over: boolean;
}

/**
 * Writes sentences: greedily, by beam search, or by sampling. All sentences and all their beams take their steps
 * together; those that are over leave the batch, and others may join. What another sentence in the batch does changes
 * nothing.
 *
 * The rules of order, ties and ends are those of {@link BeamSearch} and {@link SampleSearch}.
 *
 * @param sources token ids with `<start>` and `<end>`, one array a sentence
 * @returns an update for every step
 * @throws {SearchOptionsError} when an option does not fit
 * @throws the reason of the signal when that stops the search
 */
export async function* search(
  stepper: Stepper,
  sources: readonly ArrayLike<number>[],
  options: SearchOptions & SpecialIds,
): AsyncGenerator<SearchProgress, void, undefined> {
  const settings = settingsOf(options, stepper);
  const { startId, signal, each, arrivals } = settings;
  const { searchFor, wanted } = searching(stepper, settings);
  signal?.throwIfAborted();
  if (sources.length === 0) return;
  const stepping = await stepper.begin(sources);

  let numbers = 0;
  const joined = ({ source, ...own }: Arrival, base: number): Open => {
    const sentence = numbers++;
    return { sentence, search: searchFor(sentence, source, own.seed), signal: own.signal, base };
  };
  let open = sources.map((source, i) => joined({ source, ...each[i] }, i));
  for (let step = 1, rows = open.length; ; step++) {
    signal?.throwIfAborted();
    const more = step === 1 ? [] : (arrivals?.() ?? []);
    if (more.length > 0) {
      if (stepping.join === undefined) throw new SearchOptionsError("arrivals: this model is not compiled for joining");
      await stepping.join(more.map(({ source }) => source));
    }
    open.push(...more.map((arrival, i) => joined(arrival, rows + i)));
    const given = open.filter((one) => one.signal?.aborted === true);
    open = open.filter((one) => one.signal?.aborted !== true);
    if (open.length === 0) return;
    const parents = open.flatMap(({ search: { live }, base }) => live.map(({ parent }) => base + parent));
    const tokens = open.flatMap(({ search: { live } }) => live.map((path) => path.tokens.at(-1) ?? startId));
    const scores = await stepping.step({ parents, tokens }, wanted);
    rows = 0;
    open = open.map((one) => {
      const base = rows;
      rows += one.search.live.length;
      one.search.advance(scores.slice(base, rows));
      return { ...one, base };
    });
    const drafts = open.map(({ sentence, search: one }) => draftOf(sentence, one, settings));
    const [over, live] = [open.filter(isOver), open.filter((one) => !isOver(one))];
    open = live;
    yield {
      step,
      drafts,
      ended: [
        ...given.map(({ sentence }) => ({ sentence, hypotheses: [] })),
        ...over.map(({ sentence, search: one }) => ({ sentence, hypotheses: hypothesesOf(one, settings) })),
      ],
    };
  }
}

/** A sentence that is being written. */
interface Open {
  readonly sentence: number;
  readonly search: SentenceSearch;
  readonly signal: AbortSignal | undefined;
  /** The first row that it had in the step before. */
  readonly base: number;
}

function isOver({ search: { live } }: Open): boolean {
  return live.length === 0;
}

/**
 * {@link search} to its end.
 *
 * @returns for each sentence its hypotheses, best first
 */
export async function decode(
  stepper: Stepper,
  sources: readonly ArrayLike<number>[],
  options: Omit<SearchOptions, "arrivals"> & SpecialIds,
): Promise<Hypothesis[][]> {
  const found: Hypothesis[][] = sources.map(() => []);
  for await (const { ended } of search(stepper, sources, options)) {
    for (const { sentence, hypotheses } of ended) found[sentence] = [...hypotheses];
  }
  return found;
}

/** How each sentence is searched for, and what that wants to know at each step. */
function searching({ vocabularySize }: Stepper, settings: Settings) {
  const { beam, nBest, sampling, rules, coverage } = settings;
  const chooser = new Chooser(rules, vocabularySize);
  const searchFor = (sentence: number, source: ArrayLike<number>, seed?: number): SentenceSearch => {
    const one = { ...settings, ...settings.limitsOf(sentence, source) };
    if (sampling === undefined) return new BeamSearch(chooser, { ...one, beam });
    const own = { ...sampling, seed: seed ?? sampling.seed };
    return new SampleSearch(chooser, { ...one, source, sampling: own, samples: nBest });
  };
  const drawnFrom = sampling?.temperature === 0 ? 1 : sampling?.topK;
  const tokens = chooser.wanted(sampling === undefined ? candidatesOf(beam) : drawnFrom);
  const wanted: Wanted = { ...tokens, attention: settings.attention || coverage > 0 };
  return { searchFor, wanted };
}

function hypothesesOf({ finished }: SentenceSearch, settings: Settings): Hypothesis[] {
  return ranked(finished, settings).slice(0, settings.nBest).map(hypothesisOf);
}

/** What is certain of a sentence between two steps. */
export function draftOf(sentence: number, { live, finished }: SentenceSearch, ranking: Ranking): Draft {
  if (live.length + finished.length === 1) {
    const [{ tokens }] = [...live, ...finished];
    return { sentence, tokens, certain: tokens.length, over: live.length === 0 };
  }
  const over = live.length === 0;
  const [ended] = ranked(finished, ranking);
  const [{ path: best }] = ranked(ended === undefined ? live : [ended.path, ...live], ranking);
  const certain = over ? best.tokens.length : sharedLength([...live, ...(ended === undefined ? [] : [ended.path])]);
  return { sentence, tokens: best.tokens, certain, over };
}

/** How many of the first tokens are the same in all paths. */
function sharedLength([first, ...others]: readonly Path[]): number {
  return others.reduce((shared, { tokens }) => {
    let length = 0;
    while (length < shared && length < tokens.length && tokens[length] === first.tokens[length]) length++;
    return length;
  }, first.tokens.length);
}
