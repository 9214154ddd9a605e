import { attentionData } from "../explain/attention-json.ts";
import type { Attending } from "../explain/attention-of.ts";
import { attentionViews } from "../explain/attention-view.ts";
import type { ExplainTask } from "./tasks.ts";

/** There would be more weights to tell than one answer may hold; the message says how to ask for fewer. */
class TooMuchAttentionError extends Error {
  override readonly name = "TooMuchAttentionError";
}

/**
 * The attention of a text as JSON.
 *
 * @throws {TextError} when a text is empty or too long for the model
 * @throws {AttentionError} when there is no such kind, layer or head
 * @throws {TooMuchAttentionError} when it has more weights than the task allows
 */
export async function explain(attending: Attending, { text, target, choice, most }: ExplainTask): Promise<string> {
  const explained = await attending.explain(text, target);
  const told = choice === undefined ? explained.maps : attentionViews(explained, choice);
  const count = told.reduce((sum, { weights }) => sum + weights.length, 0);
  if (count > most) {
    throw new TooMuchAttentionError(
      `there are ${count} attention weights, and one answer holds at most ${most}; choose a kind, a layer or a head`,
    );
  }
  return JSON.stringify(attentionData(explained, choice));
}
