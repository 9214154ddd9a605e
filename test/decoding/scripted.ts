import type { RowScores, Stepper, StepRows, Wanted } from "../../src/decoding/stepper.ts";

/** Probabilities of next tokens after each prefix, the tokens of both by id: `{ "": { 3: 0.6, 4: 0.4 }, "3": … }`. */
export type Script = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** A model that says what scripts say, one for each first id of a source, and notes what it is asked. */
export class Scripted implements Stepper {
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly asked: (StepRows & { readonly wanted: Wanted })[] = [];
  readonly #scripts: Readonly<Record<number, Script>>;
  readonly #attention: Readonly<Record<string, readonly number[]>>;

  constructor(
    scripts: Readonly<Record<number, Script>> | Script,
    { vocabularySize = 6, maxLength = 5, attention = {} as Readonly<Record<string, readonly number[]>> } = {},
  ) {
    this.#scripts = "" in scripts ? { 1: scripts as Script } : (scripts as Readonly<Record<number, Script>>);
    this.vocabularySize = vocabularySize;
    this.maxLength = maxLength;
    this.#attention = attention;
  }

  async begin(sources: readonly ArrayLike<number>[]) {
    const begun = (source: ArrayLike<number>): { script: Script; written?: readonly number[] } => ({
      script: this.#scripts[source[0]],
    });
    let rows = sources.map(begun);
    return {
      join: async (more: readonly ArrayLike<number>[]) => {
        rows.push(...more.map(begun));
      },
      step: async ({ parents, tokens }: StepRows, wanted: Wanted): Promise<RowScores[]> => {
        this.asked.push({ parents, tokens, wanted });
        rows = parents.map((parent, i) => ({
          script: rows[parent].script,
          // The first token is that of the beginning.
          written: rows[parent].written === undefined ? [] : [...rows[parent].written, tokens[i]],
        }));
        return rows.map(({ script, written = [] }) => this.#scores(script, written, wanted));
      },
    };
  }

  #scores(script: Script, written: readonly number[], { top, attention }: Wanted): RowScores {
    const key = written.join(" ");
    const next = script[key];
    if (next === undefined) throw new Error(`the script does not go on after "${key}"`);
    const all = Float32Array.from({ length: this.vocabularySize }, (_, id) => Math.log(next[id] ?? 0));
    const weights = this.#attention[key];
    const row = weights && { "cross.0": { heads: 1, keys: weights.length, weights: Float32Array.from(weights) } };
    const seen = attention === true && row ? row : {};
    if (top === undefined) return { logProbabilities: all, attention: seen };
    const tokens = Int32Array.from(all.keys())
      .sort((a, b) => all[b] - all[a] || a - b)
      .slice(0, top);
    return { tokens, logProbabilities: Float32Array.from(tokens, (id) => all[id]), attention: seen };
  }
}
