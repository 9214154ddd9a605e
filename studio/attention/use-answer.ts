import { useCallback, useEffect, useState } from "react";
import type { GenerateRequest, Tok } from "../../src/studio/wire.ts";
import { useModel } from "../app/studio-context.tsx";
import type { Backend } from "../backend/backend.ts";
import { type Answer as Asked, begunAnswer, withEvent } from "../talk/answer.ts";
import { conversation } from "../talk/conversation.ts";

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

/** Answers that were asked for here, by what was asked; nothing where an answer was forgotten. */
const known = new Map<string, Answer | undefined>();

/**
 * The answer to a request: that of the conversation where it has one, else asked for here.
 *
 * @returns also how to ask once more, as when the server does not keep its attention any longer
 */
export function useAnswer(request: GenerateRequest | undefined): {
  readonly answering: Answering;
  readonly again: () => void;
} {
  const { backend, model, there } = useModel();
  const asked = request && JSON.stringify(request);
  const key = `${model.id}\n${asked}`;
  const [told, setTold] = useState<{ key: string; round: number; error?: unknown }>();
  const [round, setRound] = useState(0);
  const answer = known.has(key) ? known.get(key) : asked && spoken(asked, model.id);
  const missing = asked !== undefined && !answer;
  useEffect(() => {
    if (!missing || !there) return;
    const life = new AbortController();
    answered(backend, JSON.parse(asked), life.signal).then(
      (answer) => {
        known.set(key, answer);
        setTold({ key, round });
      },
      (error) => {
        if (!life.signal.aborted) setTold({ key, round, error });
      },
    );
    return () => life.abort();
  }, [backend, there, key, asked, missing, round]);
  const again = useCallback(() => {
    known.set(key, undefined);
    setRound((count) => count + 1);
  }, [key]);
  if (asked === undefined) return { answering: { state: "none" }, again };
  if (answer) return { answering: { state: "ready", answer }, again };
  if (told?.key === key && told.round === round && "error" in told) {
    return { answering: { state: "failed", error: told.error }, again };
  }
  return { answering: { state: "working" }, again };
}

async function answered(backend: Backend, request: GenerateRequest, signal: AbortSignal): Promise<Answer> {
  let asked = begunAnswer(request);
  for await (const event of backend.generate(request, signal)) asked = withEvent(asked, event);
  const answer = finished(asked);
  if (!answer) throw new Error("generate: the stream ended without an answer");
  return answer;
}

/** An answer of the conversation with this model. */
function spoken(asked: string, model: string): Answer | undefined {
  const turn = conversation
    .get()
    .turns.findLast((turn) => turn.model === model && JSON.stringify(turn.answer.request) === asked);
  return turn && finished(turn.answer);
}

function finished({ request, source, done }: Asked): Answer | undefined {
  if (!source || !done) return undefined;
  return {
    src: request.src,
    source: source.toks,
    words: source.words,
    cut: source.cut,
    text: done.text,
    att: done.att,
  };
}
