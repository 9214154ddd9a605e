import { randomInt } from "node:crypto";
import { z } from "zod";
import type { SamplingOptions } from "../decoding/search-options.ts";
import { ApiError } from "./api-error.ts";
import type { Limits } from "./limits.ts";
import type { Search, WriteTask } from "./tasks.ts";

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

/** A request in the shape of OpenAI's chat completions. What stands here is honoured; see {@link refuseUnsupported}. */
export function completionRequest({ beams }: Pick<Limits, "beams">) {
  return z
    .looseObject({
      model: z.string().describe("any name: there is one model"),
      messages: z.array(message).min(1).describe("the last of a user is answered; the model remembers no others"),
      stream: z.boolean().nullish(),
      stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
      n: z.int().min(1).max(beams).nullish().describe("so many answers: drawn, or without draws the best of n beams"),
      temperature: z
        .number()
        .min(0)
        .nullish()
        .describe("above 0 draws; without it and top_p the likeliest token is taken each time"),
      top_p: z.number().positive().max(1).nullish(),
      max_tokens: z.int().positive().nullish().describe("the end counts as one"),
      max_completion_tokens: z.int().positive().nullish().describe("the same"),
      seed: z.int().nullish().describe("of the draws; by chance if not given"),
    })
    .meta({ title: "ChatCompletionRequest" });
}

export type CompletionRequest = z.output<ReturnType<typeof completionRequest>>;

/** Fields that would change the answer in ways this server cannot, with the values that ask for nothing. */
const UNSUPPORTED: Readonly<Record<string, readonly unknown[]>> = {
  tools: [[]],
  tool_choice: ["none", "auto"],
  functions: [[]],
  function_call: ["none", "auto"],
  response_format: [{ type: "text" }],
  logprobs: [false],
  top_logprobs: [0],
  logit_bias: [{}],
  stop: [[], ""],
  frequency_penalty: [0],
  presence_penalty: [0],
  modalities: [["text"]],
  audio: [],
  prediction: [],
  web_search_options: [],
};

/**
 * Refuses fields that ask for what this server cannot do. Whatever else is unknown is passed over, as clients expect: it
 * are hints such as `user`.
 *
 * @throws {ApiError}
 */
export function refuseUnsupported(request: CompletionRequest): void {
  for (const [param, neutral] of Object.entries(UNSUPPORTED)) {
    const value = request[param];
    if (value === undefined || value === null) continue;
    if (neutral.some((one) => JSON.stringify(one) === JSON.stringify(value))) continue;
    throw new ApiError(400, "unsupported_parameter", `${param}: this server cannot do that; leave it out`, { param });
  }
  if (request.stream === true && (request.n ?? 1) > 1) {
    throw new ApiError(400, "unsupported_parameter", "n: must be 1 where the answer is streamed", { param: "n" });
  }
}

/**
 * What the request asks of the model.
 *
 * @throws {ApiError} when there is no text to answer
 */
export function completionTask(request: CompletionRequest, { text: most }: Pick<Limits, "text">): WriteTask {
  const text = lastOfUser(request.messages);
  if (text.length > most) {
    const message = `the text has ${text.length} characters; this server takes at most ${most}`;
    throw new ApiError(422, "invalid_value", message, { param: "messages" });
  }
  const { n, temperature, top_p: topP, seed } = request;
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const sampling = samplingOf(temperature ?? undefined, topP ?? undefined);
  const nBest = n ?? 1;
  const search: Search = {
    nBest,
    ...(maxTokens !== undefined && { maxTokens }),
    ...(sampling === undefined ? { beam: nBest } : { sampling }),
  };
  const drawn = seed === undefined || seed === null ? randomInt(2 ** 48 - 1) : Math.abs(seed);
  return { kind: "write", text, search, seed: drawn, parts: request.stream === true };
}

/** `undefined` where nothing is drawn. */
function samplingOf(temperature: number | undefined, topP: number | undefined): SamplingOptions | undefined {
  if (temperature === 0 || (temperature === undefined && (topP === undefined || topP === 1))) return undefined;
  return { temperature, topP };
}

function lastOfUser(messages: CompletionRequest["messages"]): string {
  const last = messages.findLast(({ role }) => role === "user");
  const content = last?.content;
  if (content === undefined || content === null) {
    throw new ApiError(422, "invalid_value", "messages: there is no message of a user to answer", {
      param: "messages",
    });
  }
  if (typeof content === "string") return content;
  return content
    .map(({ type, text }) => {
      if (type === "text" && text !== undefined) return text;
      throw new ApiError(400, "unsupported_parameter", `messages: this server reads text, no ${type}`, {
        param: "messages",
      });
    })
    .join(" ");
}
