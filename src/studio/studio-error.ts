import type { TextError } from "../decoding/responder.ts";
import type { ErrorEvent } from "./wire.ts";

/** What is wrong and what to do, in both languages. */
export class StudioError extends Error {
  override readonly name = "StudioError";
  readonly code: string;
  readonly ko: string;

  constructor(code: string, { ko, en }: { readonly ko: string; readonly en: string }) {
    super(en);
    this.code = code;
    this.ko = ko;
  }

  /** As the page is told of it. */
  event(): ErrorEvent {
    return { type: "error", code: this.code, ko: this.ko, en: this.message };
  }
}

/** A text that the model cannot read, as the page is told of it. */
export function unreadable({ message, tokens }: TextError, maxLength: number): StudioError {
  if (tokens === undefined) return new StudioError("empty", { ko: "문장을 입력하세요.", en: `${message}; write one` });
  return new StudioError("too_long", {
    ko: `문장이 ${tokens}개 조각입니다. 이 모델은 ${maxLength}개까지 읽으니 짧게 줄여 주세요.`,
    en: `${message}; make it shorter`,
  });
}

/** The number of something that there are only so many of. */
export function checkIndex(name: string, value: number, count: number): void {
  if (Number.isInteger(value) && value >= 0 && value < count) return;
  throw new StudioError("no_such", {
    ko: `${name}=${value}: 0부터 ${count - 1}까지의 정수여야 합니다.`,
    en: `${name}=${value}: must be a whole number from 0 to ${count - 1}`,
  });
}

export function notOffered(): StudioError {
  return new StudioError("not_offered", {
    ko: "이 모델에는 그 어텐션이 없습니다. 모델 정보의 kinds에서 볼 수 있는 것을 고르세요.",
    en: "this model has no such attention; choose one of the kinds of its card",
  });
}
