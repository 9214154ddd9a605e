import { z } from "zod";
import { apiErrorOf } from "./api-error.ts";
import { namedEvent, sendEvents } from "./event-stream.ts";
import type { Ticket } from "./inference.ts";
import { ASKING_A_KIND, type Operation, operation } from "./operation.ts";
import { searchFields, searchIn } from "./search-fields.ts";
import { checkTask, type Serving } from "./serving.ts";
import type { WriteTask, Written, WrittenAlternative } from "./tasks.ts";
import { answerTo, eitherText, textFields, textsIn } from "./text-fields.ts";

const STREAMED =
  'With stream: true the answer comes as server-sent events: part {"text"} for each new part, at last done with the whole ' +
  "answer, or error when something goes wrong on the way.";

/** `POST /v1/chat` and `POST /v1/translate`: the same, with an answer of another name. */
export function writingOperations(serving: Serving): Operation[] {
  return [
    writingOperation(serving, "answer", { path: "/v1/chat", title: "Chat", summary: "Answers texts" }),
    writingOperation(serving, "translation", {
      path: "/v1/translate",
      title: "Translate",
      summary: "Translates texts",
    }),
  ];
}

function writingOperation(
  serving: Serving,
  answer: "answer" | "translation",
  { path, title, summary }: { path: string; title: string; summary: string },
): Operation {
  const { limits, inference } = serving;
  const body = z
    .strictObject({
      ...textFields(limits),
      ...searchFields(limits),
      stream: z.boolean().default(false).describe("answer as server-sent events, part by part; of one text only"),
    })
    .superRefine(eitherText)
    .superRefine(({ stream, texts }, context) => {
      if (!stream || texts === undefined) return;
      context.addIssue({ code: "custom", path: ["stream"], message: "must be false for several texts" });
    })
    .meta({ title: `${title}Request` });
  return operation({
    method: "post",
    path,
    summary,
    description: `Searches greedily unless told otherwise. ${STREAMED}`,
    body,
    answers: {
      "application/json": answerSchema(answer).meta({ title: `${title}Answer` }),
      "text/event-stream": z.string(),
    },
    errors: ASKING_A_KIND,
    async handle({ body, signal, reply }) {
      checkTask(serving, "write");
      const { search, seed } = searchIn(body);
      const parts = body.stream;
      const tasks = textsIn(body).map((text): WriteTask => ({ kind: "write", text, search, seed, parts }));
      const tickets = inference.submit(tasks, signal);
      const tell = (input: string, written: Written) => told(input, written, answer);
      if (!parts) return answerTo(body, tickets, tell);
      return sendEvents(
        reply,
        events(tickets[0], (written) => tell(tasks[0].text, written)),
        errorEvent,
      );
    },
  });
}

async function* events(ticket: Ticket<Written>, whole: (written: Written) => unknown) {
  for (;;) {
    const { done, value } = await ticket.next();
    if (done === true) {
      yield namedEvent("done", whole(value));
      return;
    }
    yield namedEvent("part", { text: value });
  }
}

function errorEvent(error: unknown): string {
  return namedEvent("error", apiErrorOf(error).body());
}

function told(input: string, { tokensRead: _, nBest, ...written }: Written, answer: "answer" | "translation") {
  const { milliseconds } = written;
  return {
    input,
    ...named(written, answer),
    milliseconds,
    ...(nBest && { nBest: nBest.map((one) => named(one, answer)) }),
  };
}

function named({ answer: text, tokens, score, penalisedScore, finished }: WrittenAlternative, answer: string) {
  return { [answer]: text, tokens, score, penalisedScore, finished };
}

function answerSchema(answer: string) {
  const alternative = {
    [answer]: z.string(),
    tokens: z.array(z.string()).describe("its pieces, as the tokenizer cuts them"),
    score: z.number().describe("sum of the natural logarithms of the probabilities of all tokens, the end included"),
    penalisedScore: z.number().describe("what the search ranked it by"),
    finished: z.boolean().describe("whether it reached its end; else it was cut off"),
  };
  const one = z.strictObject({
    input: z.string(),
    ...alternative,
    milliseconds: z.number().describe("from when its batch began, or it joined one, until it was written"),
    nBest: z.array(z.strictObject(alternative)).optional().describe("where several were asked for, from the best on"),
  });
  return z.union([one, z.strictObject({ results: z.array(one).describe("of texts, in their order") })]);
}
