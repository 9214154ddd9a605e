import type { z } from "zod";
import type { Language } from "../explain/wording.ts";

type Texts = Readonly<Record<Language, string>>;
type OutOfBounds = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall;

/** What is wrong with a value that is out of its bounds. */
export function outOfBounds(issue: OutOfBounds, value: unknown): Texts {
  return issue.code === "too_big" ? tooBig(issue, value) : tooSmall(issue);
}

function tooBig({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig, value: unknown): Texts {
  if (origin === "string") {
    const { length } = String(value);
    return {
      en: `has ${length} characters, and may have at most ${maximum}; make it shorter`,
      ko: `${length}자입니다. ${maximum}자까지 보낼 수 있으니 짧게 줄여 주세요.`,
    };
  }
  if (origin === "array") {
    return { en: `may have at most ${maximum} items; send fewer`, ko: `${maximum}개까지 보낼 수 있습니다.` };
  }
  return inclusive === false
    ? { en: `must be less than ${maximum}`, ko: `${maximum}보다 작아야 합니다.` }
    : { en: `must be at most ${maximum}`, ko: `${maximum} 이하여야 합니다.` };
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): Texts {
  if (origin === "string" || origin === "array") return { en: "must not be empty", ko: "비어 있으면 안 됩니다." };
  return inclusive === false
    ? { en: `must be more than ${minimum}`, ko: `${minimum}보다 커야 합니다.` }
    : { en: `must be at least ${minimum}`, ko: `${minimum} 이상이어야 합니다.` };
}
