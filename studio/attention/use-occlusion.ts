import { useEffect, useState } from "react";
import type { OccludedEvent } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";

/** What becomes of a token without each word of the source, as the answers come. */
export interface Occlusion {
  readonly words: readonly OccludedEvent[];
  readonly failed: boolean;
}

const NONE: Occlusion = { words: [], failed: false };
/** How long a row stays pinned before it is tried, in milliseconds. */
const PAUSE = 250;

/** Hides the words of the source one by one; nothing without a name of an attention or a token. */
export function useOcclusion(att: string, token: number | undefined): Occlusion {
  const { backend } = useStudio();
  const key = token === undefined ? undefined : `${att} ${token}`;
  const [found, setFound] = useState<{ key: string; occlusion: Occlusion }>();
  useEffect(() => {
    if (key === undefined || token === undefined) return;
    const life = new AbortController();
    const words: OccludedEvent[] = [];
    const tell = (failed: boolean) => setFound({ key, occlusion: { words: [...words], failed } });
    const timer = setTimeout(async () => {
      try {
        for await (const event of backend.occlude({ att, i: token }, life.signal)) {
          if (event.type !== "word") continue;
          words.push(event);
          tell(false);
        }
      } catch {
        if (!life.signal.aborted) tell(true);
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [backend, att, token, key]);
  return found?.key === key && found ? found.occlusion : NONE;
}
