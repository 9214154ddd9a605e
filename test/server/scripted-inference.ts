import type { Inference, Ticket } from "../../src/server/inference.ts";
import type { ServedModel } from "../../src/server/served-model.ts";
import type { ResultOf, Task } from "../../src/server/tasks.ts";

export const CHAT: ServedModel = {
  task: "chat",
  architecture: "jumok-transformer",
  layers: 1,
  heads: 2,
  dModel: 8,
  vocabularySize: 300,
  maxTokens: 40,
  parameters: 1000,
};

/** Answers as a script says, at once and without a model: `answer TEXT`, a word after the other. */
export class ScriptedInference implements Inference {
  model: ServedModel | undefined;
  readonly tasks: Task[] = [];
  readonly #before: (signal: AbortSignal) => Promise<unknown>;

  /** @param before what happens before each part and before the end of an answer; it may take long, or fail */
  constructor(
    model: ServedModel | undefined = CHAT,
    before: (signal: AbortSignal) => Promise<unknown> = async () => {},
  ) {
    this.model = model;
    this.#before = before;
  }

  submit<T extends Task>(tasks: readonly T[], signal: AbortSignal): Ticket<ResultOf<T>>[] {
    this.tasks.push(...tasks);
    return tasks.map((task) => this.#ticket(task, signal) as Ticket<ResultOf<T>>);
  }

  async *#ticket(task: Task, signal: AbortSignal): Ticket<unknown> {
    const words = ["answer", ...task.text.split(" ")];
    for (const word of words.slice(0, task.kind === "write" && task.parts ? undefined : 0)) {
      await this.#before(signal);
      yield word;
    }
    await this.#before(signal);
    if (task.kind === "explain") return "{}";
    if (task.kind === "judge") {
      return { label: "a", probability: 1, probabilities: { a: 1, b: 0 }, tokensRead: 1, tokensCut: 0 };
    }
    const answer = words.join(" ");
    return { answer, tokens: words, score: -1, penalisedScore: -1, finished: true, tokensRead: 3, milliseconds: 1 };
  }
}

/** Fails when the signal does, and never ends otherwise. */
export function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
