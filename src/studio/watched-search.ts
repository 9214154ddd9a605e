import { BeamSearch, candidatesOf } from "../decoding/beam.ts";
import { Chooser } from "../decoding/choices.ts";
import type { SpecialIds } from "../decoding/hypothesis.ts";
import { type Path, ranked } from "../decoding/path.ts";
import { draftOf } from "../decoding/search.ts";
import { type SearchOptions, settingsOf } from "../decoding/search-options.ts";
import type { RowScores, Stepper } from "../decoding/stepper.ts";

/** One step of a search, with all that it looked at. */
export interface WatchedStep {
  /** From 1. */
  readonly step: number;
  /** The paths that were gone on from, and what the model said after each. */
  readonly before: readonly Path[];
  readonly scores: readonly RowScores[];
  /** What goes on, and all that is at its end. */
  readonly live: readonly Path[];
  readonly finished: readonly Path[];
  /** How many tokens of the best path will not be taken back. */
  readonly certain: number;
}

/** A path with what the search ranked it by. */
export type RankedPath = ReturnType<typeof ranked>[number];

/**
 * The beam search of {@link BeamSearch} for one sentence, with all that it looks at on the way.
 *
 * @param options.told of how many of the likeliest tokens each step tells at least
 * @returns after the steps the paths that were found, best first
 * @throws {SearchOptionsError} when an option does not fit
 * @throws the reason of the signal when that stops the search
 */
export async function* watchedSearch(
  stepper: Stepper,
  source: readonly number[],
  { told, ...options }: SearchOptions & SpecialIds & { readonly told: number },
): AsyncGenerator<WatchedStep, readonly RankedPath[], undefined> {
  const settings = settingsOf(options, stepper);
  const { beam, nBest, startId, signal, attention, rules, limitsOf } = settings;
  const chooser = new Chooser(rules, stepper.vocabularySize);
  const search = new BeamSearch(chooser, { ...settings, ...limitsOf(0, source), attention: false });
  const wanted = { ...chooser.wanted(Math.max(candidatesOf(beam), told)), attention };
  const stepping = await stepper.begin([source]);
  for (let step = 1; search.live.length > 0; step++) {
    signal?.throwIfAborted();
    const before = search.live;
    const parents = before.map(({ parent }) => parent);
    const tokens = before.map((path) => path.tokens.at(-1) ?? startId);
    const scores = await stepping.step({ parents, tokens }, wanted);
    search.advance(scores);
    const { live, finished } = search;
    yield { step, before, scores, live, finished, certain: draftOf(0, search, settings).certain };
  }
  return ranked(search.finished, settings).slice(0, nBest);
}
