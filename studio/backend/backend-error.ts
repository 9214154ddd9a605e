import type { Language } from "../../src/explain/wording.ts";

/** An error that was answered, in both languages. */
export class BackendError extends Error {
  readonly code: string;
  readonly texts: Readonly<Record<Language, string>>;

  constructor(code: string, texts: Readonly<Record<Language, string>>) {
    super(texts.en);
    this.name = "BackendError";
    this.code = code;
    this.texts = texts;
  }
}

/** Whether what was asked about is not kept any longer, so that it has to be asked for again. */
export function isGone(error: unknown): boolean {
  return error instanceof BackendError && error.code === "gone";
}

/** Nobody answered. */
export class BackendGone extends Error {
  constructor(cause?: unknown) {
    super("the server does not answer", { cause });
    this.name = "BackendGone";
  }
}
