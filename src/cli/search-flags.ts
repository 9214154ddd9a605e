import { Option } from "@commander-js/extra-typings";
import type { LengthPenaltyName } from "../decoding/length-penalty.ts";
import type { SearchOptions } from "../decoding/search-options.ts";
import { number, positiveInteger, wholeNumber } from "./numbers.ts";

/** What {@link searchFlags} give. */
export interface SearchFlags {
  readonly beam?: number;
  readonly nBest?: number;
  readonly lengthPenalty?: LengthPenaltyName;
  readonly alpha?: number;
  readonly coverage?: number;
  readonly minTokens?: number;
  readonly maxTokens?: number;
  readonly blockNgrams?: number;
  readonly repetitionPenalty?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
}

/**
 * Flags that say how answers are searched for.
 *
 * @param usualBeam what a command does without `--beam`, for its help
 */
export function searchFlags(usualBeam = "1, which is greedy,"): Option[] {
  const flag = (flags: string, description: string, parse: (text: string) => number) =>
    new Option(flags, description).argParser(parse);
  return [
    flag("--beam <n>", `hypotheses kept at each step; ${usualBeam} if not given`, positiveInteger),
    flag("--n-best <n>", "how many answers to give: of a beam search, or drawn", positiveInteger),
    new Option("--length-penalty <name>", "what scores are divided by: ((5+n)/6)^alpha, or n^alpha").choices([
      "wu",
      "average",
    ]),
    flag("--alpha <n>", "of the length penalty; 0.6 of wu and 1 of average if not given", number),
    flag("--coverage <n>", "penalty for pieces of the text that were not looked at", number),
    flag("--min-tokens <n>", "the fewest pieces of an answer, its end included", positiveInteger),
    flag("--max-tokens <n>", "the most pieces of an answer, its end included", positiveInteger),
    flag("--block-ngrams <n>", "never repeat an n-gram of this length, in pieces", positiveInteger),
    flag("--repetition-penalty <n>", "from 1: how much less likely pieces get that were written before", number),
    flag("--temperature <n>", "draw: below 1 likely pieces more often, above 1 less often", number),
    flag("--top-k <n>", "draw from so many of the likeliest pieces", positiveInteger),
    flag("--top-p <n>", "draw from the likeliest pieces that have this share of the probability", number),
    flag("--seed <n>", "of the draws; 1 if not given", wholeNumber),
  ];
}

/** Whether flags say that pieces are drawn by chance. */
export function drawsIn({ temperature, topK, topP, seed }: SearchFlags): boolean {
  return [temperature, topK, topP, seed].some((value) => value !== undefined);
}

/**
 * The options that flags mean.
 *
 * @throws {SearchOptionsError} when they do not fit
 */
export async function searchOptionsIn(flags: SearchFlags): Promise<SearchOptions> {
  const { temperature, topK, topP, seed, blockNgrams, ...others } = flags;
  const draws = drawsIn(flags);
  const options: SearchOptions = {
    ...others,
    ...(blockNgrams !== undefined && { noRepeatNgram: blockNgrams }),
    ...(draws && { sampling: { temperature, topK, topP, seed } }),
  };
  const { checkedOptions } = await import("../decoding/search-options.ts");
  checkedOptions(options);
  return options;
}
