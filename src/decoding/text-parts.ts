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
  // Parts of a word are not joined again: each is as much as can be read.
  return cutWord(word, limit).map((text) => ({ text, tokens: limit.maxTokens }));
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
  // Mostly a character is a token.
  return runsOf(seenCharacters(word), roomIn(limit)).flatMap((run) => cutCharacters(run, limit));
}

function cutCharacters(characters: readonly string[], limit: ReadingLimit): string[] {
  const text = characters.join("");
  const tokens = limit.countTokens(text);
  if (tokens <= limit.maxTokens) return [text];
  const smaller = characters.length > 1 ? characters : Array.from(text);
  if (smaller.length === 1) return [];
  const size = Math.ceil(smaller.length / Math.ceil(tokens / roomIn(limit)));
  return runsOf(smaller, size).flatMap((run) => cutCharacters(run, limit));
}

/** Tokens for characters: the beginning of a word may be one too. */
function roomIn({ maxTokens }: ReadingLimit): number {
  return Math.max(1, maxTokens - 1);
}

function runsOf(characters: readonly string[], size: number): string[][] {
  const count = Math.ceil(characters.length / size);
  return Array.from({ length: count }, (_, i) => characters.slice(i * size, (i + 1) * size));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** A segmenter's time grows with the square of the text, so it is given so many code points at once. */
const SEGMENTED = 128;

/** Characters as people see them: "é" in two code points, or a family of emoji, is one. */
function seenCharacters(word: string): string[] {
  const parts = runsOf(Array.from(word), SEGMENTED).map((points) => points.join(""));
  return parts.flatMap((part) => Array.from(graphemes.segment(part), ({ segment }) => segment));
}
