import type { Inference, Ticket } from "../../src/server/inference.ts";
import type { ServedModel } from "../../src/server/served-model.ts";
import type { PartOf, ResultOf, Task } from "../../src/server/tasks.ts";

export const CHAT: ServedModel = {
  folder: "small",
  task: "chat",
  architecture: "jumok-transformer",
  layers: 1,
  heads: 2,
  dModel: 8,
  vocabularySize: 300,
  maxTokens: 40,
  parameters: 1000,
  card: {
    task: "chat",
    arch: "transformer",
    attn: "scaled",
    layers: 1,
    heads: 2,
    dModel: 8,
    dHead: 4,
    maxLen: 40,
    params: 1000,
    kinds: ["cross", "enc", "dec"],
    examples: [],
  },
};

/** Answers as a script says, at once and without a model: `answer TEXT`, a word after the other. */
export class ScriptedInference implements Inference {
  model: ServedModel | undefined;
  untrained = false;
  readonly tasks: Task[] = [];
  /** How many tasks that are not scripted were given up. */
  stopped = 0;
  readonly #before: (signal: AbortSignal) => Promise<unknown>;

  /** @param before what happens before each part and before the end of an answer; it may take long, or fail */
  constructor(
    model: ServedModel | undefined = CHAT,
    before: (signal: AbortSignal) => Promise<unknown> = async () => {},
  ) {
    this.model = model;
    this.#before = before;
  }

  submit<T extends Task>(tasks: readonly T[], signal: AbortSignal): Ticket<ResultOf<T>, PartOf<T>>[] {
    this.tasks.push(...tasks);
    return tasks.map((task) => this.#ticket(task, signal) as Ticket<ResultOf<T>, PartOf<T>>);
  }

  async *#ticket(task: Task, signal: AbortSignal): Ticket<unknown> {
    if (!("text" in task)) {
      await this.#before(signal).finally(() => this.stopped++);
      throw new Error(`nothing is scripted for ${task.kind}`);
    }
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
