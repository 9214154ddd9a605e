import { Random } from "../random/random.ts";
import { type Choices, type Chooser, choiceAt, largest } from "./choices.ts";
import { emptyPath, extended, type Path, type Ranking, type SentenceLimits, type SentenceSearch } from "./path.ts";
import type { CheckedOptions } from "./search-options.ts";
import type { RowScores } from "./stepper.ts";

type Sampling = NonNullable<CheckedOptions["sampling"]>;

export interface SampleOptions extends Ranking, SentenceLimits {
  readonly source: ArrayLike<number>;
  readonly samples: number;
  readonly sampling: Sampling;
}

/**
 * Samples of one sentence, drawn token by token.
 *
 * The draws of a sample follow from the seed, the ids of the source and the number of the sample, so they are the same
 * whatever else is in the batch. A sample is over at its first `<end>`, at the greatest length, or where rules forbid
 * every token. Results are ranked as those of beam search are.
 */
export class SampleSearch implements SentenceSearch {
  live: readonly Path[];
  finished: readonly Path[] = [];
  readonly #chooser: Chooser;
  readonly #options: SampleOptions;
  #randoms: Random[];
  #steps = 0;

  constructor(chooser: Chooser, options: SampleOptions) {
    const { source, samples, sampling } = options;
    const name = Array.from(source).join();
    this.#chooser = chooser;
    this.#options = options;
    this.live = Array.from({ length: samples }, emptyPath);
    this.#randoms = this.live.map((_, sample) => Random.of(sampling.seed, "sampling", name, sample));
  }

  advance(scores: readonly RowScores[]): void {
    const { sampling, most } = this.#options;
    this.#steps++;
    const live: Path[] = [];
    const finished: Path[] = [];
    const randoms: Random[] = [];
    this.live.forEach((path, row) => {
      const random = this.#randoms[row];
      const choices = this.#chooser.choices(this.#options, path, scores[row]);
      const drawn = draw(choices, sampling, random.uniform());
      const next =
        drawn === undefined ? path : extended(path, row, choiceAt(choices, drawn), scores[row], this.#options);
      if (drawn === undefined || next.finished || this.#steps === most) finished.push(next);
      else {
        live.push(next);
        randoms.push(random);
      }
    });
    this.live = live;
    this.#randoms = randoms;
    this.finished = [...this.finished, ...finished];
  }
}

/**
 * Draws one of the choices.
 *
 * @param uniform from 0 to below 1
 * @returns its place; `undefined` where none is left
 */
export function draw({ adjusted }: Choices, sampling: Omit<Sampling, "seed">, uniform: number): number | undefined {
  const { temperature, topK = adjusted.length, topP } = sampling;
  const [first] = largest(adjusted, 1);
  if (first === undefined || temperature === 0) return first;
  const weightAt = (at: number) => Math.exp((adjusted[at] - adjusted[first]) / temperature);
  let places: ArrayLike<number> = topK < adjusted.length ? largest(adjusted, topK) : Array.from(adjusted.keys());
  if (topP < 1) places = nucleus(Array.from(places), weightAt, topP);
  const total = sumOf(places, weightAt);
  let left = uniform * total;
  let drawn = first;
  for (let i = 0; i < places.length; i++) {
    const weight = weightAt(places[i]);
    if (weight === 0) continue;
    drawn = places[i];
    left -= weight;
    if (left < 0) break;
  }
  return drawn;
}

/** The fewest of the likeliest places that together have at least a share of the weight. */
function nucleus(places: readonly number[], weightAt: (at: number) => number, share: number): number[] {
  const weights = places.map(weightAt);
  const total = weights.reduce((a, b) => a + b, 0);
  // All that lie below this together have less than what may be left out, so that only the others need an order.
  const floor = ((1 - share) * total) / places.length;
  const order = Array.from(places.keys())
    .filter((i) => weights[i] >= floor)
    .sort((a, b) => weights[b] - weights[a] || a - b);
  let sum = 0;
  const count = order.findIndex((i) => {
    sum += weights[i];
    return sum >= share * total;
  });
  return order.slice(0, count < 0 ? order.length : count + 1).map((i) => places[i]);
}

function sumOf(places: ArrayLike<number>, weightAt: (at: number) => number): number {
  let sum = 0;
  for (let i = 0; i < places.length; i++) sum += weightAt(places[i]);
  return sum;
}
