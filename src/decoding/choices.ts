import type { Choice, Path, SentenceLimits } from "./path.ts";
import type { Rule } from "./rules.ts";
import type { RowScores, Wanted } from "./stepper.ts";

/** What may come next in a row after the rules had their say. */
export interface Choices {
  /** Ids, best first as the model sees it; absent where these are all tokens by their ids. */
  readonly tokens?: Int32Array;
  readonly own: Float32Array;
  readonly adjusted: Float32Array;
}

/** Applies rules to what a model says of the next token. */
export class Chooser {
  readonly #rules: readonly Rule[];
  readonly #vocabularySize: number;

  constructor(rules: readonly Rule[], vocabularySize: number) {
    this.#rules = rules;
    this.#vocabularySize = vocabularySize;
  }

  /** What to ask of the model for the `count` best tokens: those, or all, where rules may take some away. */
  wanted(count = this.#vocabularySize): Wanted {
    return this.#rules.length > 0 || count >= this.#vocabularySize ? {} : { top: count };
  }

  choices({ sentence, least }: SentenceLimits, { tokens }: Path, scores: RowScores): Choices {
    const { logProbabilities: own } = scores;
    if (this.#rules.length === 0) return { tokens: scores.tokens, own, adjusted: own };
    const adjusted = own.slice();
    for (const rule of this.#rules) rule(adjusted, { sentence, tokens, least });
    return { own, adjusted };
  }

  /** The best tokens, of equals the smaller id first; fewer where rules forbid more. */
  best(limits: SentenceLimits, path: Path, scores: RowScores, count: number): Choice[] {
    const choices = this.choices(limits, path, scores);
    return largest(choices.adjusted, count).map((at) => choiceAt(choices, at));
  }
}

export function choiceAt({ tokens, own, adjusted }: Choices, at: number): Choice {
  return { token: tokens?.[at] ?? at, own: own[at], adjusted: adjusted[at] };
}

/** Where the largest values are, largest first, of equals the first; what is −∞ or no number is left out. */
export function largest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (!(value > (best.length < count ? Number.NEGATIVE_INFINITY : values[best[count - 1]]))) continue;
    let place = best.length < count ? best.length : count - 1;
    for (; place > 0 && values[best[place - 1]] < value; place--) best[place] = best[place - 1];
    best[place] = at;
  }
  return best;
}
