import { OptionsError, type RunOptions, type TaskName } from "./run-options.ts";

const WRITERS = ["gru", "lstm", "lstm+dot", "lstm+bahdanau", "transformer"];

/** The models that are compared where none are named. */
export const USUAL_MODELS: Readonly<Record<TaskName, readonly string[]>> = {
  chat: WRITERS,
  translate: WRITERS,
  classify: ["bag", "lstm", "lstm+bahdanau", "transformer"],
};

const attentionsOf = (task: TaskName): readonly string[] =>
  task === "classify" ? ["bahdanau"] : ["dot", "general", "bahdanau"];

/**
 * The options that a model's short name stands for: `transformer`; `rnn`, `lstm`, `gru` and of classifiers `bag`, alone
 * without attention, or with it as in `lstm+bahdanau`.
 *
 * @throws {OptionsError} when the name is none of these
 */
export function optionsOfModel(name: string, task: TaskName): Partial<RunOptions> {
  if (name === "transformer") return { model: "transformer" };
  const [reader, attention = "none", ...more] = name.split("+");
  const known: readonly string[] = ["none", ...attentionsOf(task)];
  if (known.includes(attention) && more.length === 0) {
    const attends = { attention: attention as "none" | "bahdanau" };
    if (reader === "bag" && task === "classify") return { model: "bag", ...attends };
    if (reader === "rnn" || reader === "lstm" || reader === "gru")
      return { model: "recurrent", cell: reader, ...attends };
  }
  const others = task === "classify" ? "bag, rnn, lstm, gru" : "rnn, lstm, gru";
  throw new OptionsError(
    `models: there is no ${name || "model without a name"}; there are transformer, ${others}, each of these also with ` +
      attentionsOf(task)
        .map((one) => `+${one}`)
        .join(", "),
  );
}
