import { z } from "zod";
import { SUMMARIES } from "../explain/attention-view.ts";
import { ApiError } from "./api-error.ts";
import { resultOf } from "./inference.ts";
import { ASKING, type Operation, operation } from "./operation.ts";
import { modelOf, type Serving } from "./serving.ts";
import { textField } from "./text-fields.ts";

const kind = z.enum(["encoder", "decoder", "cross", "alignment", "pooling"]);
const fromOne = z.int().positive();

/** `POST /v1/attention` */
export function attentionOperation(serving: Serving): Operation {
  const { limits, inference } = serving;
  const body = z
    .strictObject({
      text: textField(limits),
      target: textField(limits).optional().describe("what the model is to have written; what it writes if not given"),
      kind: kind.optional().describe("what looks at what"),
      layer: z
        .union([fromOne, z.literal("all")])
        .optional()
        .describe("from 1; the last if not given"),
      head: z
        .union([fromOne, z.enum([...SUMMARIES, "all"])], {
          error: `must be a whole number from 1, ${SUMMARIES.join(", ")} or all`,
        })
        .optional()
        .describe("from 1, or what is made of all; the mean if not given"),
      words: z.boolean().optional().describe("words instead of their tokens"),
    })
    .meta({ title: "AttentionRequest" });
  return operation({
    method: "post",
    path: "/v1/attention",
    summary: "Tells what the model looks at, layer by layer, head by head",
    description: `Without kind, layer, head and words it tells everything. One answer holds at most ${limits.weights} weights.`,
    body,
    answers: { "application/json": answer },
    errors: ASKING,
    async handle({ body: { text, target, layer, head, ...rest }, signal, reply }) {
      if (modelOf(serving).task === "classify" && target !== undefined) {
        throw new ApiError(422, "invalid_value", "target: a classifier writes nothing; leave it out", {
          param: "target",
        });
      }
      const choice = {
        ...rest,
        layer: typeof layer === "number" ? layer - 1 : layer,
        head: typeof head === "number" ? head - 1 : head,
      };
      const chosen = Object.values(choice).some((value) => value !== undefined) ? choice : undefined;
      const task = { kind: "explain" as const, text, target, choice: chosen, most: limits.weights };
      const [ticket] = inference.submit([task], signal);
      return reply.type("application/json; charset=utf-8").send(await resultOf(ticket));
    },
  });
}

const sentence = z.strictObject({
  tokens: z.array(
    z.strictObject({
      piece: z.string().describe("as the tokenizer writes it"),
      text: z.string(),
      word: z.int().min(0).describe("the number of its word, from 0"),
      special: z.boolean().describe("whether it is no text, such as <start>"),
    }),
  ),
  words: z.array(z.string()),
});

const answer = z
  .strictObject({
    text: z.string(),
    source: sentence.describe("what was read"),
    target: z.strictObject({ text: z.string(), given: z.boolean() }).optional(),
    label: z.strictObject({ name: z.string(), probability: z.number() }).optional(),
    cut: z.int().min(0).describe("tokens that were not read because the text is longer than the model takes"),
    maps: z.array(
      z.strictObject({
        kind,
        layer: fromOne,
        head: z.union([fromOne, z.enum(SUMMARIES)]).optional(),
        shape: z.array(z.int()).describe("[heads, queries, keys], or of one head [queries, keys]"),
        queries: sentence.describe("the rows: the tokens that ask"),
        keys: sentence.describe("the columns: the tokens that are looked at"),
        weights: z.array(z.number()).describe("row by row"),
      }),
    ),
  })
  .meta({ title: "AttentionAnswer" });
