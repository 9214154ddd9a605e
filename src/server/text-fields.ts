import { z } from "zod";
import { ApiError, apiErrorOf } from "./api-error.ts";
import { resultOf, type Ticket } from "./inference.ts";
import type { Limits } from "./limits.ts";

/** A text of a request. */
export function textField({ text }: Pick<Limits, "text">) {
  return z.string().max(text);
}

interface TextOrTexts {
  readonly text?: string;
  readonly texts?: readonly string[];
}

/** Fields for one text or several; {@link eitherText} makes sure that one of them is there. */
export function textFields(limits: Pick<Limits, "text" | "texts">) {
  const text = textField(limits);
  return {
    text: text.optional().describe("one text"),
    texts: z.array(text).min(1).max(limits.texts).optional().describe("several texts; give either text or texts"),
  };
}

/** Refuses a request with neither `text` nor `texts`, or with both. */
export function eitherText({ text, texts }: TextOrTexts, context: z.RefinementCtx): void {
  if ((text === undefined) === (texts === undefined)) {
    context.addIssue({ code: "custom", path: ["text"], message: "give either text, or texts for several" });
  }
}

/** The texts that a request holds. */
export function textsIn({ text, texts }: TextOrTexts): readonly string[] {
  return texts ?? (text === undefined ? [] : [text]);
}

/**
 * The answer to a request of one text, or of several.
 *
 * @param told what is told of a text and its result
 * @throws {ApiError} that of the first text with one, which it names
 */
export async function answerTo<Result>(
  request: TextOrTexts,
  tickets: readonly Ticket<Result>[],
  told: (input: string, result: Result) => unknown,
): Promise<unknown> {
  const results: unknown[] = [];
  for (const [i, input] of textsIn(request).entries()) {
    try {
      results.push(told(input, await resultOf(tickets[i])));
    } catch (error) {
      const { status, code, message, details } = apiErrorOf(error);
      if (status !== 422) throw error;
      throw new ApiError(status, code, message, { ...details, param: request.texts ? `texts.${i}` : "text" });
    }
  }
  return request.texts === undefined ? results[0] : { results };
}
