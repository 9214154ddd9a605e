import { useEffect, useState } from "react";
import type { ModelCard } from "../../src/studio/wire.ts";
import { selection } from "../app/selection.ts";
import { Store, useStore } from "../app/store.ts";
import { useStudio } from "../app/studio-context.tsx";

/** Whether screens show the loaded model's numbers where it has the part: once chosen, on every screen. */
const mine = new Store(false);

/** Shows the loaded model's numbers from now on where a cell of its attention is chosen, as when one comes from there. */
export function followSelection(): void {
  if (selection.get().row !== undefined) mine.set(true);
}

/** A screen's own numbers of the loaded model, and how to change to them and back. */
export interface OwnNumbers<Numbers> {
  /** Absent while they are on their way, and where the tiny model's are shown. */
  readonly numbers: Numbers | undefined;
  /** What went wrong, in the reader's language. */
  readonly problem: Error | undefined;
  /** Absent where the loaded model lacks the part. */
  readonly own: { readonly shown: boolean; readonly change: (shown: boolean) => void } | undefined;
}

interface Wanted {
  /** Whether the model has what the screen shows. */
  readonly has: (model: ModelCard) => boolean;
  readonly screen: number;
  /** What is asked beside the text. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The loaded model where it has the part of a screen and its numbers are chosen, and how to choose them. */
export function useMine(has: (model: ModelCard) => boolean) {
  const { model, there } = useStudio();
  const wanted = useStore(mine);
  const able = model !== undefined && there && model.examples.length > 0 && has(model);
  return {
    model: able && wanted ? model : undefined,
    own: able ? { shown: wanted, change: mine.set } : undefined,
  };
}

/** Asks the loaded model for the numbers of a screen. */
export function useOwnNumbers<Numbers>({ has, screen, fields }: Wanted): OwnNumbers<Numbers> {
  const { backend } = useStudio();
  const { model, own } = useMine(has);
  const [answer, setAnswer] = useState<{ numbers?: Numbers; problem?: Error }>({});
  const asked = model ? new URLSearchParams({ src: shownText(model), ...fields }).toString() : "";
  useEffect(() => {
    // Until another answer is there the last one stays, so that a handle can be moved without a break.
    if (asked === "") return setAnswer({});
    const control = new AbortController();
    backend.lesson(screen, Object.fromEntries(new URLSearchParams(asked)), control.signal).then(
      (numbers) => setAnswer({ numbers: numbers as Numbers }),
      (problem: Error) => {
        if (!control.signal.aborted) setAnswer({ problem });
      },
    );
    return () => control.abort();
  }, [backend, screen, asked]);
  return {
    numbers: asked === "" ? undefined : answer.numbers,
    problem: asked === "" ? undefined : answer.problem,
    own,
  };
}

/** The text that is looked at in the other views; where none was chosen there, the model's shortest example. */
export function shownText(model: ModelCard): string {
  const { text, example, row } = selection.get();
  const chosen = model.examples.find(({ id }) => id === example)?.src;
  const [shortest] = [...model.examples].sort((a, b) => a.src.length - b.src.length);
  return text ?? chosen ?? (row === undefined ? shortest : model.examples[0]).src;
}
