import type { AttendedWord } from "../decoding/attended-words.ts";
import type { Judgement } from "../decoding/judge.ts";
import { percent } from "./numbers.ts";
import type { Style } from "./style.ts";

/**
 * A judgement for a person: the class and how sure, the text with the words marked that got the most attention, and these
 * words with their shares.
 *
 * @param words of the text, where the model attends
 */
export function judgementLines(
  { input, label, probability, paddingAttention, cut }: Judgement,
  words: readonly AttendedWord[] | undefined,
  style: Style,
): string[] {
  const lines = [`${style.bold(label)}  ${percent(probability)}`];
  if (words !== undefined) {
    const most = mostAttended(words);
    lines.push(marked(input, most, style));
    lines.push(style.dim(most.map(({ word, weight }) => `${word} ${percent(weight)}`).join(", ")));
    if (paddingAttention !== undefined)
      lines.push(style.dim(`the padding before the text ${percent(paddingAttention)}`));
  }
  if (cut > 0) lines.push(style.dim(`${cut} tokens were not read: the text is longer than the model takes`));
  return lines;
}

const MARKED_WORDS = 8;

/** The few words with the most attention, each with more than an even share. */
function mostAttended(words: readonly AttendedWord[]): AttendedWord[] {
  return [...words]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MARKED_WORDS)
    .filter(({ weight }) => weight > 1 / words.length || words.length === 1);
}

function marked(text: string, words: readonly AttendedWord[], style: Style): string {
  let shown = "";
  let at = 0;
  for (const { word, start } of [...words].sort((a, b) => a.start - b.start)) {
    shown += text.slice(at, start) + style.mark(word);
    at = start + word.length;
  }
  return shown + text.slice(at);
}
