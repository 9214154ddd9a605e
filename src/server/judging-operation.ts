import { z } from "zod";
import { ASKING_A_KIND, type Operation, operation } from "./operation.ts";
import { checkTask, type Serving } from "./serving.ts";
import type { Judged, JudgeTask } from "./tasks.ts";
import { answerTo, eitherText, textFields, textsIn } from "./text-fields.ts";

/** `POST /v1/classify` */
export function judgingOperation(serving: Serving): Operation {
  const { limits, inference } = serving;
  const body = z
    .strictObject({
      ...textFields(limits),
      attention: z.boolean().default(false).describe("tell how much attention each word got, of a model that attends"),
    })
    .superRefine(eitherText)
    .meta({ title: "ClassifyRequest" });
  return operation({
    method: "post",
    path: "/v1/classify",
    summary: "Tells the class of texts",
    body,
    answers: { "application/json": answer.meta({ title: "ClassifyAnswer" }) },
    errors: ASKING_A_KIND,
    async handle({ body, signal }) {
      checkTask(serving, "judge");
      const { attention } = body;
      const tasks = textsIn(body).map((text): JudgeTask => ({ kind: "judge", text, attention }));
      return answerTo(body, inference.submit(tasks, signal), told);
    },
  });
}

function told(input: string, { tokensRead: _, ...judged }: Judged) {
  return { input, ...judged };
}

const one = z.strictObject({
  input: z.string(),
  label: z.string().describe("the likeliest class"),
  probability: z.number().min(0).describe("of that class"),
  probabilities: z.record(z.string(), z.number().min(0)).describe("of each class by its name"),
  attention: z
    .array(z.strictObject({ word: z.string(), weight: z.number() }))
    .optional()
    .describe("of the whole the share that each word got"),
  paddingAttention: z
    .number()
    .optional()
    .describe("the share that the padding before the text got, of a model that attends to padding"),
  tokensCut: z.int().min(0).describe("tokens that were not read because the text is longer than the model takes"),
});

const answer = z.union([one, z.strictObject({ results: z.array(one).describe("of texts, in their order") })]);
