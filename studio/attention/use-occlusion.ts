import { useEffect, useState } from "react";
import type { OccludedEvent } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import { isGone } from "../backend/backend-error.ts";

/** What becomes of a token without each word of the source, as the answers come. */
export interface Occlusion {
  readonly words: readonly OccludedEvent[];
  readonly state: "working" | "done" | "failed";
}

const NONE: Occlusion = { words: [], state: "working" };
/** How long a row stays pinned before it is tried, in milliseconds. */
const PAUSE = 250;

/** Hides the words of the source one by one; nothing without a token. `lost` is called when the answer is not kept any longer. */
export function useOcclusion(att: string, token: number | undefined, lost: () => void): Occlusion {
  const { backend, there } = useStudio();
  const key = token === undefined ? undefined : `${att} ${token}`;
  const [found, setFound] = useState<{ key: string; occlusion: Occlusion }>();
  const own = found?.key === key ? found?.occlusion : undefined;
  const done = own?.state === "done";
  useEffect(() => {
    if (key === undefined || token === undefined || done || !there) return;
    const life = new AbortController();
    const words: OccludedEvent[] = [];
    const tell = (state: Occlusion["state"]) => setFound({ key, occlusion: { words: [...words], state } });
    const timer = setTimeout(async () => {
      try {
        for await (const event of backend.occlude({ att, i: token }, life.signal)) {
          if (event.type !== "word") continue;
          words.push(event);
          tell("working");
        }
        tell("done");
      } catch (error) {
        if (life.signal.aborted) return;
        if (isGone(error)) lost();
        else tell("failed");
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [backend, there, att, token, key, done, lost]);
  return own ?? NONE;
}
