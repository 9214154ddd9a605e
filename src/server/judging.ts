import { attendedWords } from "../decoding/attended-words.ts";
import { type Judgement, readText } from "../decoding/judge.ts";
import { truncationOf } from "../formats/classifier-config.ts";
import type { OpenedClassifier } from "../training/open-model.ts";
import { type News, toldError } from "./messages.ts";
import type { Judged, JudgeTask } from "./tasks.ts";

/** Tells the classes of texts in one batch. */
export async function* judge(
  opened: OpenedClassifier,
  tasks: readonly JudgeTask[],
): AsyncGenerator<readonly News[], void, undefined> {
  const truncate = truncationOf(opened.config);
  const readable: number[] = [];
  for (const [task, { text }] of tasks.entries()) {
    try {
      readText({ ...opened, truncate }, text);
      readable.push(task);
    } catch (error) {
      yield [{ task, error: toldError(error) }];
    }
  }
  if (readable.length === 0) return;
  const judgements = await opened.judge.judgeAll(readable.map((task) => tasks[task].text));
  yield judgements.map((judgement, i) => ({
    task: readable[i],
    result: judgedOf(opened, judgement, tasks[readable[i]].attention),
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
