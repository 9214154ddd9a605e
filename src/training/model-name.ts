import { OptionsError, type RunOptions, type TaskName } from "./run-options.ts";

/** The models that are compared where none are named. */
export const USUAL_MODELS: Readonly<Record<TaskName, readonly string[]>> = {
  chat: ["gru", "lstm", "lstm+dot", "lstm+bahdanau", "transformer"],
  classify: ["bag", "lstm", "lstm+bahdanau", "transformer"],
};

const ATTENTIONS = { chat: ["dot", "general", "bahdanau"], classify: ["bahdanau"] } as const;

/**
 * The options that a model's short name stands for: `transformer`; `rnn`, `lstm` or `gru`, alone without attention, or
 * with it as in `lstm+bahdanau`; of classifiers also `bag`.
 *
 * @throws {OptionsError} when the name is none of these
 */
export function optionsOfModel(name: string, task: TaskName): Partial<RunOptions> {
  if (name === "transformer") return { model: "transformer" };
  if (name === "bag" && task === "classify") return { model: "bag" };
  const [cell, attention = "none", ...more] = name.split("+");
  const known: readonly string[] = ["none", ...ATTENTIONS[task]];
  if ((cell === "rnn" || cell === "lstm" || cell === "gru") && known.includes(attention) && more.length === 0) {
    return { model: "recurrent", cell, attention: attention as "none" | "bahdanau" };
  }
  const others = task === "classify" ? "bag, transformer" : "transformer";
  throw new OptionsError(
    `models: there is no ${name || "model without a name"}; there are ${others}, and rnn, lstm, gru, each also with ` +
      ATTENTIONS[task].map((one) => `+${one}`).join(", "),
  );
}
