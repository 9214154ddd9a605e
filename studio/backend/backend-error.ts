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

/** Nobody answered. */
export class BackendGone extends Error {
  constructor(cause?: unknown) {
    super("the server does not answer", { cause });
    this.name = "BackendGone";
  }
}
