/** What a model can read at once. */
export interface ReadingLimit {
  /** The most tokens of a text, without those that are put around it. */
  readonly maxTokens: number;
  countTokens(text: string): number;
}

/** What stands between blanks, or a part of it. */
interface Piece {
  readonly text: string;
  readonly tokens: number;
}

/**
 * Cuts a text that is longer than a model takes into parts that are not: at the ends of sentences; a sentence that is
 * too long at blanks, into parts about as long as one another; a word that is too long anywhere but inside a character
 * as people see it. A character that alone is too long is left out.
 *
 * @returns the text itself where it is short enough; nothing where it has no tokens
 */
export function textParts(text: string, limit: ReadingLimit): string[] {
  const tokens = limit.countTokens(text);
  if (tokens === 0) return [];
  if (tokens <= limit.maxTokens) return [text];
  return sentences(text)
    .flatMap((words) => balanced(words, limit))
    .flatMap((words) => fitting(words, limit))
    .filter((part) => limit.countTokens(part) > 0);
}

const blanks = /[\s\x85]+/u;
/** Sentences of scripts that put no blanks between them, and what is left. */
const unspaced = /[^。！？｡]+[。！？｡]*[」』”’）]*|[。！？｡]+[」』”’）]*/gu;
const sentenceEnd = /[.!?…。！？｡]["'”’»)\]」』）]*$/u;

/** The words of each sentence. A sentence does not begin with a small letter. */
function sentences(text: string): string[][] {
  const words = text.split(blanks).flatMap((word) => word.match(unspaced) ?? []);
  const found: string[][] = [];
  let begins = true;
  for (const [i, word] of words.entries()) {
    if (begins) found.push([]);
    found.at(-1)!.push(word);
    begins = sentenceEnd.test(word) && !/^\p{Ll}/u.test(words[i + 1] ?? "");
  }
  return found;
}

/** Words in as few groups as may be enough. */
function balanced(words: readonly string[], limit: ReadingLimit): string[][] {
  const pieces = words.flatMap((word) => wordPieces(word, limit));
  const total = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
  const share = total / Math.ceil(total / limit.maxTokens);
  const groups: string[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const { text, tokens } of pieces) {
    if (used >= share || used + tokens > limit.maxTokens) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)!.push(text);
    used += tokens;
  }
  return groups;
}

function wordPieces(word: string, limit: ReadingLimit): Piece[] {
  const tokens = limit.countTokens(word);
  if (tokens <= limit.maxTokens) return [{ text: word, tokens }];
  return cutWord(word, limit).map((text) => ({ text, tokens: limit.countTokens(text) }));
}

/** A group as a text; in halves where a tokenizer makes more of the whole than of its words. */
function fitting(words: readonly string[], limit: ReadingLimit): string[] {
  const text = words.join(" ");
  if (limit.countTokens(text) <= limit.maxTokens) return [text];
  if (words.length === 1) return cutWord(text, limit);
  const half = words.length >> 1;
  return [...fitting(words.slice(0, half), limit), ...fitting(words.slice(half), limit)];
}

function cutWord(word: string, limit: ReadingLimit): string[] {
  const characters = seenCharacters(word);
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += limit.maxTokens) {
    parts.push(...cutCharacters(characters.slice(at, at + limit.maxTokens), limit));
  }
  return parts;
}

function cutCharacters(characters: readonly string[], limit: ReadingLimit): string[] {
  const text = characters.join("");
  if (limit.countTokens(text) <= limit.maxTokens) return [text];
  const smaller = characters.length > 1 ? characters : Array.from(text);
  if (smaller.length === 1) return [];
  const half = smaller.length >> 1;
  return [...cutCharacters(smaller.slice(0, half), limit), ...cutCharacters(smaller.slice(half), limit)];
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** A segmenter's time grows with the square of the text, so it is given so many code points at once. */
const SEGMENTED = 128;

/** Characters as people see them: "é" in two code points, or a family of emoji, is one. */
function seenCharacters(word: string): string[] {
  const points = Array.from(word);
  const characters: string[] = [];
  for (let at = 0; at < points.length; at += SEGMENTED) {
    const part = points.slice(at, at + SEGMENTED).join("");
    for (const { segment } of graphemes.segment(part)) characters.push(segment);
  }
  return characters;
}
