import type { Answer } from "../decoding/responder.ts";

/** The answer; or where several were asked for, a line for each: its place, its score after penalties, and what it is. */
export function answerLines({ answer, nBest }: Answer): string[] {
  if (nBest === undefined) return [answer];
  return nBest.map((one, i) => `${i + 1}\t${one.penalisedScore.toFixed(4)}\t${one.answer}`);
}
