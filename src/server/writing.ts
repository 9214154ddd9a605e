import type { Alternative, Answer, AnswerNews, AnswerRequest, Responder } from "../decoding/responder.ts";
import { type News, toldError } from "./messages.ts";
import type { WriteTask, Written, WrittenAlternative } from "./tasks.ts";
import type { WorkItem } from "./work-item.ts";

/**
 * Answers texts in one batch.
 *
 * @param items all with the same search
 * @param arrivals asked between two steps for those that join
 * @returns after each step what is new, which may be nothing
 */
export async function* write(
  responder: Responder,
  items: readonly WorkItem<WriteTask>[],
  arrivals: () => readonly WorkItem<WriteTask>[],
): AsyncGenerator<readonly News[], void, undefined> {
  const { search } = items[0].task;
  const steps = responder.progress(items.map(requestOf), { ...search, arrivals: () => arrivals().map(requestOf) });
  for await (const step of steps) yield step.map(newsOf);
}

interface Request extends AnswerRequest {
  readonly id: number;
}

function requestOf({ id, task: { text, parts, seed }, signal }: WorkItem<WriteTask>): Request {
  return { id, text, parts, seed, signal };
}

function newsOf({ request: { id }, ...news }: AnswerNews<Request>): News {
  if ("part" in news) return { id, part: news.part };
  if ("error" in news) return { id, error: toldError(news.error) };
  return { id, result: writtenOf(news.answer) };
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
