import * as z from "zod";
import type { SpecialIds } from "./hypothesis.ts";
import { type LengthPenalty, type LengthPenaltyName, lengthPenalty } from "./length-penalty.ts";
import type { SentenceLimits } from "./path.ts";
import { minimumLength, noRepeatNgram, type Rule, repetitionPenalty } from "./rules.ts";

/** How sentences are searched for. Without any option: the likeliest token at each step (greedy). */
export interface SearchOptions {
  /** Hypotheses kept at each step. Default: 1, which is greedy. */
  readonly beam?: number;
  /** How many hypotheses are given at most; no more than `beam`, or that many samples. Default: 1. */
  readonly nBest?: number;
  /** What scores are divided by. Default: nothing. See {@link lengthPenalty}. */
  readonly lengthPenalty?: LengthPenaltyName;
  /** α of the length penalty, from 0. Default: 0.6 of `wu`, 1 of `average`. */
  readonly alpha?: number;
  /** β of the coverage penalty, which wants a model that attends to its source (Wu et al. 2016, §7). Default: 0, off. */
  readonly coverage?: number;
  /** The fewest tokens, `<end>` included. Default: 1. */
  readonly minTokens?: LengthRule;
  /** The most tokens, `<end>` included. Default, and at most: as many as the model takes. */
  readonly maxTokens?: LengthRule;
  /** Never repeat an n-gram of this length, in tokens. Default: they may repeat. */
  readonly noRepeatNgram?: number;
  /** What the log-probability of a token that is written already is multiplied by, from 1. Default: 1, off. */
  readonly repetitionPenalty?: number;
  /** Draws tokens instead of taking the likeliest; `{}` draws from the model's own distribution. */
  readonly sampling?: SamplingOptions;
  /** Looks at every row last and may forbid tokens, or change how likely they are. */
  readonly constraint?: Rule;
  /** Whether hypotheses hold attention. Default: no. */
  readonly attention?: boolean;
  /** Stops the search between two steps, which then throws the reason. */
  readonly signal?: AbortSignal;
  /** What is different for single sentences, by their number. */
  readonly each?: readonly SentenceOptions[];
  /** Asked before every step but the first who joins; see {@link Arrival}. */
  readonly arrivals?: () => readonly Arrival[];
}

/**
 * A sentence that joins those that are being written. It is numbered on from them, and written as if it were alone. The
 * search is over when no sentence is left and none has come.
 */
export interface Arrival extends SentenceOptions {
  /** Token ids with `<start>` and `<end>`. */
  readonly source: ArrayLike<number>;
}

/** What may be different for each sentence of a batch. */
export interface SentenceOptions {
  /** Ends the search for this sentence alone, between two steps: it leaves the batch without a hypothesis. */
  readonly signal?: AbortSignal;
  /** What its draws follow from. Default: the seed of all. */
  readonly seed?: number;
}

/** How tokens are drawn: the temperature first, then `topK`, then `topP`. */
export interface SamplingOptions {
  /** What log-probabilities are divided by; 0 takes the likeliest token. Default: 1. */
  readonly temperature?: number;
  /** Only so many of the likeliest tokens. */
  readonly topK?: number;
  /** Only the fewest of the likeliest tokens that have this share of the probability (Holtzman et al. 2020). */
  readonly topP?: number;
  /** What the draws follow from, together with the source and the number of the sample. Default: 1. */
  readonly seed?: number;
}

/** A number of tokens: the same for all, or `times` the tokens of the source (without `<start>` and `<end>`) `plus` some. */
export type LengthRule = number | { readonly times: number; readonly plus?: number };

/** Options of search that do not fit; the message names the option. */
export class SearchOptionsError extends Error {
  override readonly name = "SearchOptionsError";
}

const count = z.int().positive();
const lengthRule = z.union([count, z.strictObject({ times: z.number().min(0), plus: z.number().optional() })], {
  error: "must be a whole number from 1, or { times, plus }",
});

const seed = z.int().min(0);

/** Those options that are plain data. */
export const SEARCH_FIELDS = {
  beam: count.default(1).describe("hypotheses kept at each step; 1 is greedy"),
  nBest: count.default(1).describe("how many answers are given: at most beam, or that many samples"),
  lengthPenalty: z
    .enum(["wu", "average"])
    .optional()
    .describe("what scores are divided by: ((5+n)/6)^alpha, or n^alpha"),
  alpha: z.number().min(0).optional().describe("of the length penalty; 0.6 of wu and 1 of average if not given"),
  coverage: z.number().min(0).default(0).describe("penalty for tokens of the text that were not looked at"),
  minTokens: lengthRule.default(1).describe("the fewest tokens of an answer, its end included"),
  maxTokens: lengthRule.optional().describe("the most tokens of an answer, its end included"),
  noRepeatNgram: count.optional().describe("never repeat an n-gram of this length, in tokens"),
  repetitionPenalty: z.number().min(1).default(1).describe("how much less likely tokens get that were written before"),
  sampling: z
    .strictObject({
      temperature: z.number().min(0).default(1).describe("below 1 likely tokens more often, above 1 less often"),
      topK: count.optional().describe("only so many of the likeliest tokens"),
      topP: z.number().positive().max(1).default(1).describe("only the likeliest tokens that have this share"),
      seed: seed.default(1).describe("the same seed gives the same answer"),
    })
    .optional()
    .describe("draws tokens instead of taking the likeliest"),
};

const schema = z
  .strictObject({
    ...SEARCH_FIELDS,
    constraint: z.custom<Rule>((value) => typeof value === "function", "must be a function").optional(),
    attention: z.boolean().default(false),
    signal: z.instanceof(AbortSignal).optional(),
    each: z
      .array(z.strictObject({ signal: z.instanceof(AbortSignal).optional(), seed: seed.optional() }))
      .readonly()
      .default([]),
    arrivals: z
      .custom<() => readonly Arrival[]>((value) => typeof value === "function", "must be a function")
      .optional(),
  })
  .refine(({ alpha, lengthPenalty: name }) => alpha === undefined || name !== undefined, {
    error: "wants a lengthPenalty",
    path: ["alpha"],
  })
  .refine(({ beam, sampling }) => beam === 1 || sampling === undefined, {
    error: "must be 1 where tokens are drawn",
    path: ["beam"],
  })
  .refine(({ beam, nBest, sampling }) => nBest <= beam || sampling !== undefined, {
    error: "must not be more than beam",
    path: ["nBest"],
  });

/** Options with what they are where none is given. */
export type CheckedOptions = z.infer<typeof schema>;

/** @throws {SearchOptionsError} when an option is not known, has a value it may not have, or does not go with another */
export function checkedOptions(options: SearchOptions): CheckedOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new SearchOptionsError(describeIssue(parsed.error.issues[0], options));
}

/** What follows from the options. */
export interface Settings extends CheckedOptions, SpecialIds {
  readonly penalty: LengthPenalty;
  readonly rules: readonly Rule[];
  limitsOf(sentence: number, source: ArrayLike<number>): SentenceLimits;
}

/** @throws {SearchOptionsError} as {@link checkedOptions} */
export function settingsOf(
  { startId, endId, ...options }: SearchOptions & SpecialIds,
  { maxLength }: { maxLength: number },
): Settings {
  const checked = checkedOptions(options);
  const { alpha, minTokens, maxTokens = maxLength, repetitionPenalty: penalty } = checked;
  const limitsOf = (sentence: number, source: ArrayLike<number>): SentenceLimits => {
    const size = Array.from(source).filter((id) => id !== startId && id !== endId).length;
    const most = Math.min(Math.max(1, Math.floor(lengthFor(maxTokens, size))), maxLength);
    return { sentence, most, least: Math.min(Math.ceil(lengthFor(minTokens, size)), most) };
  };
  const rules: Rule[] = [];
  if (penalty !== 1) rules.push(repetitionPenalty(penalty));
  if (checked.noRepeatNgram !== undefined) rules.push(noRepeatNgram(checked.noRepeatNgram));
  if (minTokens !== 1) rules.push(minimumLength(endId));
  if (checked.constraint !== undefined) rules.push(checked.constraint);
  return { ...checked, startId, endId, penalty: lengthPenalty(checked.lengthPenalty, alpha), rules, limitsOf };
}

function lengthFor(rule: LengthRule, sourceTokens: number): number {
  return typeof rule === "number" ? rule : rule.times * sourceTokens + (rule.plus ?? 0);
}

function describeIssue(issue: z.core.$ZodIssue, options: SearchOptions): string {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return `${[...path, ...issue.keys].join(".")}: there is no such option`;
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], options);
  const came = value === undefined || typeof value === "function" ? "" : `, not ${JSON.stringify(value)}`;
  return `${path.join(".")}: ${issue.message}${came}`;
}
