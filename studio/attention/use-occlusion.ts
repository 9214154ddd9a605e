import { useEffect, useState } from "react";
import type { OccludedEvent } from "../../src/studio/wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import { isGone } from "../backend/backend-error.ts";

/** What becomes of a word without each word of the source, as the answers come. */
export interface Occlusion {
  readonly words: readonly OccludedEvent[];
  readonly state: "working" | "done" | "failed";
}

const NONE: Occlusion = { words: [], state: "working" };
/** How long a row stays pinned before it is tried, in milliseconds. */
const PAUSE = 250;

/**
 * Hides the words of the source one by one; nothing without tokens. What several tokens are is a word, as likely as all
 * of them together. `lost` is called when the answer is not kept any longer.
 */
export function useOcclusion(att: string, tokens: readonly number[], lost: () => void): Occlusion {
  const { backend, there } = useStudio();
  const list = tokens.join(" ");
  const key = `${att} ${list}`;
  const [found, setFound] = useState<{ key: string; occlusion: Occlusion }>();
  const own = found?.key === key ? found?.occlusion : undefined;
  const done = own?.state === "done";
  useEffect(() => {
    if (list === "" || done || !there) return;
    const life = new AbortController();
    const pieces = list.split(" ").map(Number);
    const soFar = new Map<number, OccludedEvent>();
    const words: OccludedEvent[] = [];
    const tell = (state: Occlusion["state"]) => setFound({ key, occlusion: { words: [...words], state } });
    const timer = setTimeout(async () => {
      try {
        for (const i of pieces) {
          for await (const event of backend.occlude({ att, i }, life.signal)) {
            if (event.type !== "word") continue;
            const before = soFar.get(event.w) ?? { p0: 1, p1: 1 };
            const word = { ...event, p0: before.p0 * event.p0, p1: before.p1 * event.p1 };
            soFar.set(event.w, word);
            if (i !== pieces.at(-1)) continue;
            words.push(word);
            tell("working");
          }
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
  }, [backend, there, att, list, key, done, lost]);
  return own ?? NONE;
}
