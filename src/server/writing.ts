import type { Alternative, Answer, AnswerNews, Responder } from "../decoding/responder.ts";
import { type News, toldError } from "./messages.ts";
import type { WriteTask, Written, WrittenAlternative } from "./tasks.ts";

/**
 * Answers texts in one batch.
 *
 * @param tasks all with the same search
 * @param signals one for each task; it takes its text out of the batch
 * @returns after each step what is new, which may be nothing
 */
export async function* write(
  responder: Responder,
  tasks: readonly WriteTask[],
  signals: readonly AbortSignal[],
): AsyncGenerator<readonly News[], void, undefined> {
  const readable: number[] = [];
  for (const [task, { text }] of tasks.entries()) {
    try {
      responder.sourceOf(text);
      readable.push(task);
    } catch (error) {
      yield [{ task, error: toldError(error) }];
    }
  }
  if (readable.length === 0) return;
  const steps = responder.progress(
    readable.map((task) => tasks[task].text),
    {
      ...tasks[0].search,
      each: readable.map((task) => ({ signal: signals[task], seed: tasks[task].seed })),
      parts: readable.map((task) => tasks[task].parts),
    },
  );
  for await (const step of steps) yield step.map((one) => newsOf(readable[one.text], one));
}

function newsOf(task: number, news: AnswerNews): News {
  return "part" in news ? { task, part: news.part } : { task, result: writtenOf(news.answer) };
}

function writtenOf(answer: Answer): Written {
  const { milliseconds, sourceTokens, nBest } = answer;
  return {
    ...alternativeOf(answer),
    tokensRead: sourceTokens.length,
    milliseconds,
    ...(nBest && { nBest: nBest.map(alternativeOf) }),
  };
}

function alternativeOf({ answer, tokens, score, penalisedScore, finished }: Alternative): WrittenAlternative {
  return { answer, tokens, score, penalisedScore, finished };
}
