import type { Language } from "../../src/explain/wording.ts";
import type {
  BeamEvent,
  DoneEvent,
  GenerateEvent,
  GenerateRequest,
  SourceEvent,
  TokEvent,
} from "../../src/studio/wire.ts";

/** An answer as far as it has come. */
export interface Answer {
  readonly request: GenerateRequest;
  /** `broken`: nobody answers any longer. */
  readonly state: "writing" | "done" | "stopped" | "broken" | "failed";
  readonly source?: SourceEvent;
  readonly tokens: readonly TokEvent[];
  readonly steps: readonly BeamEvent[];
  readonly done?: DoneEvent;
  readonly error?: Readonly<Record<Language, string>>;
}

/** An answer of which nothing has come. */
export function begunAnswer(request: GenerateRequest): Answer {
  return { request, state: "writing", tokens: [], steps: [] };
}

/** The answer when something more has come. */
export function withEvent(answer: Answer, event: GenerateEvent): Answer {
  switch (event.type) {
    case "src":
      return { ...answer, source: event };
    case "tok":
      return { ...answer, tokens: [...answer.tokens, event] };
    case "beam":
      return { ...answer, steps: [...answer.steps, event] };
    case "done":
      return { ...answer, state: "done", done: event };
    case "error":
      return { ...answer, state: "failed", error: { ko: event.ko, en: event.en } };
  }
}

/** The text so far. */
export function textOf({ done, tokens }: Answer): string {
  if (done) return done.text;
  const words: string[] = [];
  for (const { tok } of tokens) if (!tok.sp) words[tok.w] = (words[tok.w] ?? "") + tok.t;
  return words.join(" ").trim();
}
