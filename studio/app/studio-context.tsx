import { createContext, useContext } from "react";
import type { ModelCard } from "../../src/studio/wire.ts";
import type { Backend } from "../backend/backend.ts";

/** What every view works with. */
export interface Studio {
  readonly backend: Backend;
  /** Absent until it is loaded, and where there is none. */
  readonly model: ModelCard | undefined;
  /** Whether the server answers: without it controls that need it are off. */
  readonly there: boolean;
}

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error("useStudio: there is no StudioContext around this component");
  return studio;
}

/** The studio with its model, for what is drawn only where there is one. */
export function useModel(): Studio & { readonly model: ModelCard } {
  const { model, ...studio } = useStudio();
  if (!model) throw new Error("useModel: no model is loaded; draw this only where Studio.model is there");
  return { ...studio, model };
}
