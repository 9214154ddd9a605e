import { randomUUID } from "node:crypto";
import { z } from "zod";
import { apiErrorOf } from "./api-error.ts";
import { completionRequest, completionTask, refuseUnsupported } from "./completion-request.ts";
import { dataEvent, sendEvents } from "./event-stream.ts";
import { resultOf, type Ticket } from "./inference.ts";
import { ASKING_A_KIND, type Operation, operation } from "./operation.ts";
import { checkTask, type Serving } from "./serving.ts";
import { tokensWritten, type Written } from "./tasks.ts";

/** What all chunks of a completion, or the whole, begin with. */
interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** `POST /v1/chat/completions`: {@link writingOperations} in the shape of OpenAI's API, for clients that speak it. */
export function completionOperation(serving: Serving): Operation {
  const { limits, inference, name } = serving;
  return operation({
    method: "post",
    path: "/v1/chat/completions",
    summary: "Answers in the shape of OpenAI's API",
    description:
      "Fields that ask for what this server cannot do, such as tools, are refused; hints such as user are passed over.",
    body: completionRequest(limits),
    answers: { "application/json": completion, "text/event-stream": z.string() },
    errors: ASKING_A_KIND,
    async handle({ body, signal, reply }) {
      checkTask(serving, "write");
      refuseUnsupported(body);
      const [ticket] = inference.submit([completionTask(body, limits)], signal);
      const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: name };
      if (body.stream !== true) return whole(head, await resultOf(ticket));
      const usage = body.stream_options?.include_usage === true;
      return sendEvents(reply, chunks(head, ticket, usage), (error) =>
        dataEvent(JSON.stringify(apiErrorOf(error).body())),
      );
    },
  });
}

function whole(head: Head, written: Written) {
  const choices = (written.nBest ?? [written]).map(({ answer, finished }, index) => ({
    index,
    message: { role: "assistant", content: answer, refusal: null },
    logprobs: null,
    finish_reason: finished ? "stop" : "length",
  }));
  return { ...head, object: "chat.completion", choices, usage: usageOf(written) };
}

async function* chunks(head: Head, ticket: Ticket<Written>, usage: boolean) {
  const chunk = (choices: unknown[], rest = {}) =>
    dataEvent(JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...rest }));
  const choice = (delta: object, finish_reason: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason }], usage ? { usage: null } : {});
  for (let first = true; ; first = false) {
    const { done, value } = await ticket.next();
    if (first) yield choice({ role: "assistant", content: "" });
    if (done === true) {
      yield choice({}, value.finished ? "stop" : "length");
      if (usage) yield chunk([], { usage: usageOf(value) });
      yield dataEvent("[DONE]");
      return;
    }
    yield choice({ content: value });
  }
}

function usageOf(written: Written) {
  const completion_tokens = tokensWritten(written);
  const prompt_tokens = written.tokensRead;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

const count = z.int().min(0);

const completion = z
  .strictObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.strictObject({
        index: count,
        message: z.strictObject({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
        logprobs: z.null(),
        finish_reason: z.enum(["stop", "length"]),
      }),
    ),
    usage: z.strictObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count }),
  })
  .meta({ title: "ChatCompletion" });
