import { attendedWords } from "../decoding/attended-words.ts";
import { type Judgement, readText } from "../decoding/judge.ts";
import { truncationOf } from "../formats/classifier-config.ts";
import type { OpenedClassifier } from "../training/open-model.ts";
import { type News, toldError } from "./messages.ts";
import type { Judged, JudgeTask } from "./tasks.ts";
import type { WorkItem } from "./work-item.ts";

/** Tells the classes of texts in one batch. */
export async function* judge(
  opened: OpenedClassifier,
  items: readonly WorkItem<JudgeTask>[],
): AsyncGenerator<readonly News[], void, undefined> {
  const truncate = truncationOf(opened.config);
  const readable: WorkItem<JudgeTask>[] = [];
  for (const item of items) {
    try {
      readText({ ...opened, truncate }, item.task.text);
      readable.push(item);
    } catch (error) {
      yield [{ id: item.id, error: toldError(error) }];
    }
  }
  if (readable.length === 0) return;
  const judgements = await opened.judge.judgeAll(readable.map(({ task }) => task.text));
  yield judgements.map((judgement, i) => ({
    id: readable[i].id,
    result: judgedOf(opened, judgement, readable[i].task.attention),
  }));
}

function judgedOf({ judge, tokenizer, config }: OpenedClassifier, judgement: Judgement, attention: boolean): Judged {
  const { input, label, probability, logProbabilities, paddingAttention, tokens, cut } = judgement;
  const words =
    attention && judgement.attention && attendedWords(tokenizer, input, judgement.attention, truncationOf(config));
  return {
    label,
    probability,
    probabilities: Object.fromEntries(judge.labels.map((name, i) => [name, Math.exp(logProbabilities[i])])),
    ...(words && { attention: words.map(({ word, weight }) => ({ word, weight })) }),
    ...(attention && paddingAttention !== undefined && { paddingAttention }),
    tokensRead: tokens.length,
    tokensCut: cut,
  };
}
