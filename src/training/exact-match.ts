import type { Pair } from "../data/pair.ts";
import type { AnsweredPair } from "./answer-pairs.ts";

/** How often the answers are ones that the data gives. */
export interface ExactMatch {
  /** Share of the distinct sources whose answer is one that the data gives to that source. */
  readonly exactMatch: number;
  readonly sources: number;
  /** The same share of the rows, a source that stands in several counted as often. */
  readonly exactMatchRows: number;
  readonly rows: number;
}

/** The answers that pairs give: to a source that stands in several rows, those of all. */
export class GivenAnswers {
  readonly #targets = new Map<string, Set<string>>();
  readonly #normalForm: (text: string) => string;

  /** @param normalForm in which texts are compared: a tokenizer's */
  constructor(pairs: readonly Pair[], normalForm: (text: string) => string) {
    this.#normalForm = normalForm;
    for (const { source, target } of pairs) {
      const key = normalForm(source);
      const known = this.#targets.get(key) ?? new Set();
      this.#targets.set(key, known.add(normalForm(target)));
    }
  }

  /**
   * Compares answers with those that were given to the same source.
   *
   * @param answered at least one
   */
  exactMatch(answered: readonly AnsweredPair[]): ExactMatch {
    const sources = new Set<string>();
    const right = new Set<string>();
    let rightRows = 0;
    for (const { pair, answer } of answered) {
      const key = this.#normalForm(pair.source);
      sources.add(key);
      if (!this.#targets.get(key)?.has(this.#normalForm(answer))) continue;
      right.add(key);
      rightRows++;
    }
    return {
      exactMatch: right.size / sources.size,
      sources: sources.size,
      exactMatchRows: rightRows / answered.length,
      rows: answered.length,
    };
  }
}
