import { bytesOf, sharesOf } from "../../src/studio/u8-sqrt.ts";
import type { SpecialTok, TokEvent } from "../../src/studio/wire.ts";
import { type Word, weightsOfWords, wordsOf } from "../drawing/words.ts";
import type { Answer } from "./answer.ts";

/** A word of an answer with what is known of it. */
export interface WrittenWord extends Word {
  readonly tokens: readonly TokEvent[];
  /** Of all its pieces: their product. */
  readonly p: number;
  /** The share of its attention on each word of the source; absent where the model does not attend. */
  readonly look?: readonly number[];
}

/** What an answer shows: the words that were read and those that were written. */
export interface Picture {
  readonly source: readonly Word[];
  readonly written: readonly WrittenWord[];
  /** The ids that are no text, of what might have been written. */
  readonly specials: ReadonlyMap<number, SpecialTok>;
}

/** Weights on the pieces of the source at a token, when they are other than those it came with. */
export type LookAt = (token: TokEvent) => ArrayLike<number> | undefined;

interface PictureOptions {
  readonly lookAt?: LookAt;
  /** Whether what is written are classes, whose numbers are no ids of pieces. Default: no. */
  readonly verdict?: boolean;
}

/** The words of an answer; a word looks where its pieces look on average. */
export function pictureOf(answer: Answer, { lookAt = lookOf, verdict = false }: PictureOptions = {}): Picture {
  const source = wordsOf(answer.source?.toks ?? [], answer.source?.words);
  const { tokens } = answer;
  const words = wordsOf(
    tokens.map(({ tok }) => tok),
    answer.done?.words,
  );
  const written = words.map((word): WrittenWord => {
    const own = word.pieces.map((place) => tokens[place]);
    const looks = own.map(lookAt).filter((weights) => weights !== undefined);
    const p = own.reduce((product, token) => product * token.p, 1);
    return { ...word, tokens: own, p, ...(looks.length > 0 && { look: meanOfWords(looks, source) }) };
  });
  const all = verdict ? [] : [...(answer.source?.toks ?? []), ...tokens.map(({ tok }) => tok)];
  const specials = new Map(all.flatMap(({ id, sp }) => (sp ? [[id, sp] as const] : [])));
  return { source, written, specials };
}

/** The attention that a token came with. */
function lookOf({ look }: TokEvent): Float32Array | undefined {
  return look === undefined ? undefined : sharesOf(bytesOf(look));
}

/** Shares that make up 100 %: what was rounded to bytes does not quite. */
function meanOfWords(looks: readonly ArrayLike<number>[], source: readonly Word[]): number[] {
  const sums = new Array<number>(source.length).fill(0);
  for (const weights of looks) {
    weightsOfWords(weights, source).forEach((weight, word) => {
      sums[word] += weight;
    });
  }
  const total = sums.reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? sums : sums.map((weight) => weight / total);
}

/** The word whose attention is gathered most on one word of text: where an answer is first looked at. */
export function mostGathered({ source, written }: Picture): number {
  let best = 0;
  let most = -1;
  written.forEach(({ look, special }, index) => {
    if (!look || special) return;
    const strongest = Math.max(...look.map((share, word) => (source[word].special ? 0 : share)));
    if (strongest > most) [best, most] = [index, strongest];
  });
  return best;
}
