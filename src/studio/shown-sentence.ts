import { sentenceOf } from "../explain/sentence.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { SpecialTok, Tok } from "./wire.ts";

/** A sentence as the page shows it. */
export interface ShownSentence {
  readonly toks: readonly Tok[];
  /** What the tokens' word numbers count. */
  readonly words: readonly string[];
}

/** The pieces and words that some ids make up. */
export function shownSentence(tokenizer: Tokenizer, ids: readonly number[]): ShownSentence {
  const { tokens, words } = sentenceOf(tokenizer, ids);
  return { toks: tokens.map(({ text, word }, i) => tok(tokenizer, { t: text, w: word, id: ids[i] }, i)), words };
}

/** The text of one piece wherever it stands. */
export function shownPiece(tokenizer: Tokenizer, id: number): Omit<Tok, "w"> {
  const [{ t, sp }] = shownSentence(tokenizer, [id]).toks;
  return { t, id, ...(sp && { sp }) };
}

function tok({ padId, startId, endId, unknownId }: Tokenizer, plain: Tok, place: number): Tok {
  const special = new Map<number, SpecialTok>([
    [padId, place === 0 ? "front" : "pad"],
    [startId, "bos"],
    [endId, "eos"],
    [unknownId, "unk"],
  ]).get(plain.id);
  return { ...plain, ...(special && { sp: special }) };
}
