import type { LoadedModel } from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import { JudgingStudio } from "./judging-studio.ts";
import type { StudioModel } from "./studio-model.ts";
import { WritingStudio } from "./writing-studio.ts";

/** Compiles a model that was loaded from its folder for all that the page asks. */
export function openStudio(engine: Engine, loaded: LoadedModel): Promise<StudioModel> {
  return loaded.kind === "seq2seq" ? WritingStudio.open(engine, loaded) : JudgingStudio.open(engine, loaded);
}
