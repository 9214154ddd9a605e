import { useCallback, useEffect, useState } from "react";
import type { Tok } from "../../src/studio/wire.ts";
import { useModel } from "../app/studio-context.tsx";
import type { Backend } from "../backend/backend.ts";

/** What the model made of a text, and the name of its attention. */
export interface Answer {
  readonly src: string;
  readonly source: readonly Tok[];
  readonly words: readonly string[];
  /** Tokens that were not read. */
  readonly cut: number;
  readonly text: string;
  readonly att: string;
}

export type Answering =
  | { readonly state: "none" }
  | { readonly state: "working" }
  | { readonly state: "ready"; readonly answer: Answer }
  | { readonly state: "failed"; readonly error: unknown };

/** The answers of this page, by model and text: coming back to the view asks nothing again. */
const known = new Map<string, Answer>();

/** The answer to a text; `again` asks once more, as when the server does not keep its attention any longer. */
export function useAnswer(src: string | undefined): { readonly answering: Answering; readonly again: () => void } {
  const { backend, model } = useModel();
  const key = `${model.id}\n${src}`;
  const [told, setTold] = useState<{ key: string; round: number; answering: Answering }>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const found = known.get(key);
    if (src === undefined || found) return;
    const life = new AbortController();
    asked(backend, src, life.signal).then(
      (answer) => {
        known.set(key, answer);
        setTold({ key, round, answering: { state: "ready", answer } });
      },
      (error) => {
        if (!life.signal.aborted) setTold({ key, round, answering: { state: "failed", error } });
      },
    );
    return () => life.abort();
  }, [backend, key, src, round]);
  const again = useCallback(() => {
    known.delete(key);
    setRound((count) => count + 1);
  }, [key]);
  if (src === undefined) return { answering: { state: "none" }, again };
  const answer = known.get(key);
  if (answer) return { answering: { state: "ready", answer }, again };
  return { answering: told?.key === key && told.round === round ? told.answering : { state: "working" }, again };
}

async function asked(backend: Backend, src: string, signal: AbortSignal): Promise<Answer> {
  let source: readonly Tok[] = [];
  let words: readonly string[] = [];
  let cut = 0;
  for await (const event of backend.generate({ src }, signal)) {
    if (event.type === "src") ({ toks: source, words, cut } = event);
    if (event.type === "done") return { src, source, words, cut, text: event.text, att: event.att };
  }
  throw new Error("generate: the stream ended without an answer");
}
