import type { LoadedModel } from "./loaded-model.ts";
import { readTrainingNotes } from "./model-folder.ts";

/** What a model was trained for. */
export type ModelTask = "chat" | "translate" | "classify";

/** What the model of a folder was trained for, which its weights do not tell; one that was imported translates. */
export async function modelTask(folder: string, { kind }: Pick<LoadedModel, "kind">): Promise<ModelTask> {
  if (kind === "classifier") return "classify";
  const notes = await readTrainingNotes(folder).catch((): Record<string, unknown> => ({}));
  const { task } = (notes.options ?? {}) as { task?: unknown };
  return task === "translate" || "imported" in notes ? "translate" : "chat";
}
