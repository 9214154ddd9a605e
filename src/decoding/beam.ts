import type { Chooser } from "./choices.ts";
import {
  type Choice,
  emptyPath,
  extended,
  type Path,
  penalised,
  type Ranking,
  type SentenceLimits,
  type SentenceSearch,
} from "./path.ts";
import type { RowScores } from "./stepper.ts";

export interface BeamOptions extends Ranking, SentenceLimits {
  /** How many paths go on at most (k). */
  readonly beam: number;
}

/** How many of the best candidates of a step are looked at: enough that k can go on if all others end. */
export function candidatesOf(beam: number): number {
  return beam === 1 ? 1 : 2 * beam;
}

/**
 * Beam search over one sentence, with `k` beams.
 *
 * - Candidates of a step are all tokens after all live paths. They are ordered by the sum of log-probabilities (as rules
 *   changed them, without any penalty); of equals the one of the lower beam comes first, then that of the smaller id.
 *   Beams are numbered by this order.
 * - The first 2k candidates are looked at. Those that end are finished. Of the others the first k live on.
 * - With k = 1 only the first candidate is looked at. This is greedy decoding: it never looks back, and is over at the
 *   first `<end>`.
 * - Finished paths are ranked by the sum over the length penalty, plus the coverage penalty; of equals the one that was
 *   finished first comes first.
 * - The search is over when at least k are finished and the best of them is no worse than the best live path could be:
 *   its sum over the penalty of the greatest length. It is over too when no path lives on.
 * - A path after which rules forbid every token goes no further. At the greatest length, or when no path can go on, what
 *   is left is cut off; it counts as results only if fewer than k are finished.
 */
export class BeamSearch implements SentenceSearch {
  live: readonly Path[];
  finished: readonly Path[] = [];
  readonly #chooser: Chooser;
  readonly #options: BeamOptions;
  #best = Number.NEGATIVE_INFINITY;
  #steps = 0;

  constructor(chooser: Chooser, options: BeamOptions) {
    this.#chooser = chooser;
    this.#options = options;
    this.live = [emptyPath()];
  }

  advance(scores: readonly RowScores[]): void {
    const { beam, most } = this.#options;
    const choices = this.#choices(scores);
    const next = this.#candidates(choices, scores).filter((path) => {
      if (path.finished) this.#finish(path);
      return !path.finished;
    });
    this.#steps++;
    if (next.length === 0) this.#cutOff(this.live.filter((_, row) => choices[row].length === 0));
    else if (this.#steps === most) this.#cutOff(next.slice(0, beam));
    else this.live = this.#isDecided(next) ? [] : next.slice(0, beam);
  }

  /** The best tokens after each live path. */
  #choices(scores: readonly RowScores[]): Choice[][] {
    const { beam } = this.#options;
    return this.live.map((path, row) => this.#chooser.best(this.#options, path, scores[row], candidatesOf(beam)));
  }

  /** The first candidates, as paths. */
  #candidates(choices: readonly Choice[][], scores: readonly RowScores[]): Path[] {
    return this.live
      .flatMap((path, row) =>
        choices[row].map((choice) => ({ path, row, choice, sum: path.adjusted + choice.adjusted })),
      )
      .sort((a, b) => b.sum - a.sum || a.row - b.row || a.choice.token - b.choice.token)
      .slice(0, candidatesOf(this.#options.beam))
      .map(({ path, row, choice }) => extended(path, row, choice, scores[row], this.#options));
  }

  #finish(path: Path): void {
    this.finished = [...this.finished, path];
    this.#best = Math.max(this.#best, penalised(path, this.#options));
  }

  #cutOff(paths: readonly Path[]): void {
    if (this.finished.length < this.#options.beam) this.finished = [...this.finished, ...paths];
    this.live = [];
  }

  #isDecided([first]: readonly Path[]): boolean {
    const { beam, most, penalty } = this.#options;
    return this.finished.length >= beam && this.#best >= first.adjusted / penalty(most);
  }
}
