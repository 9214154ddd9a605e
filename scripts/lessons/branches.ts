import { Decoder } from "../../src/decoding/decoder.ts";
import { decode } from "../../src/decoding/search.ts";
import type { RowScores, Stepper, StepRows, Wanted } from "../../src/decoding/stepper.ts";
import type { Engine } from "../../src/runtime/engine.ts";
import type { Trained } from "./heads.ts";
import { END, framed, START, WORDS } from "./little-language.ts";
import { rounded } from "./rounded.ts";

/** The widest search, and what a word must have to be a branch at all. */
const [WIDEST, LEAST] = [8, 0.01];

/** A word after other words: the place of the branch before it in the list (−1 for none), its text, its probability. */
export type Branch = readonly [up: number, word: string, p: number];

/** A stepper that leaves out unlikely words and keeps what it said of the others. */
class Pruned implements Stepper {
  readonly vocabularySize: number;
  readonly maxLength: number;
  readonly branches: Branch[] = [];
  readonly #inner: Stepper;
  readonly #known = new Map<string, number>();

  constructor(inner: Stepper) {
    this.#inner = inner;
    this.vocabularySize = inner.vocabularySize;
    this.maxLength = inner.maxLength;
  }

  async begin(sources: readonly ArrayLike<number>[]) {
    const stepping = await this.#inner.begin(sources);
    let written: string[] = [];
    return {
      step: async ({ parents, tokens }: StepRows, _: Wanted): Promise<readonly RowScores[]> => {
        const rows = await stepping.step({ parents, tokens }, { top: 2 * WIDEST });
        written = parents.map((parent, i) => (tokens[i] === START ? "" : `${written[parent]} ${tokens[i]}`));
        return rows.map((row, i) => this.#pruned(row, written[i]));
      },
    };
  }

  #pruned({ tokens, logProbabilities }: RowScores, written: string): RowScores {
    const kept = Array.from(tokens!, (token, i) => ({ token, p: Math.exp(logProbabilities[i]) })).filter(
      ({ p }) => p >= LEAST,
    );
    const up = this.#known.get(written) ?? -1;
    for (const { token, p } of kept) {
      const key = `${written} ${token}`;
      if (this.#known.has(key)) continue;
      this.#known.set(key, this.branches.length);
      this.branches.push([up, WORDS[token], rounded([p], 4)[0]]);
    }
    return {
      tokens: Int32Array.from(kept, ({ token }) => token),
      logProbabilities: Float32Array.from(kept, ({ p }) => Math.log(p)),
      attention: {},
    };
  }
}

/** All that searches of every width up to eight come by, and the sentence that each finds. */
export async function branchNumbers(engine: Engine, { model, weights }: Trained, sentence: string) {
  const decoder = await Decoder.compile(engine, model, weights);
  const pruned = new Pruned(decoder);
  const options = { startId: START, endId: END };
  const found = [];
  for (let beam = 1; beam <= WIDEST; beam++) {
    const [[seen]] = await decode(pruned, [framed(sentence)], { ...options, beam });
    const [[whole]] = await decode(decoder, [framed(sentence)], { ...options, beam });
    if (seen.tokens.join() !== whole.tokens.join()) {
      throw new Error(`branches: without words under ${LEAST}, a beam of ${beam} finds another sentence`);
    }
    found.push({ text: whole.tokens.map((id) => WORDS[id]).join(" "), p: rounded([Math.exp(whole.score)])[0] });
  }
  await decoder.release();
  return { source: sentence, found, branches: pruned.branches };
}
