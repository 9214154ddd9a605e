import { z } from "zod";
import { ApiError } from "./api-error.ts";
import { GUARDED, type Operation, operation } from "./operation.ts";
import { modelOf, type Serving } from "./serving.ts";

/** Routes that tell how the server and its model are. */
export function statusOperations(serving: Serving): Operation[] {
  const { metrics, name, since } = serving;
  const listed = { id: name, object: "model", created: since, owned_by: "jumok" };
  return [
    operation({
      method: "get",
      path: "/v1/model",
      summary: "What model this is",
      answers: { "application/json": model },
      errors: GUARDED,
      handle: async () => {
        const { card: _, folder: __, ...model } = modelOf(serving);
        return { id: name, ...model };
      },
    }),
    operation({
      method: "get",
      path: "/v1/models",
      summary: "The model in the shape of OpenAI's API",
      answers: { "application/json": models },
      errors: GUARDED,
      handle: async () => ({ object: "list", data: [listed] }),
    }),
    operation({
      method: "get",
      path: "/v1/models/{id}",
      summary: "The model of this name in the shape of OpenAI's API",
      answers: { "application/json": listedModel },
      errors: [...GUARDED, 404],
      handle: async ({ params: { id } }) => {
        if (id === name) return listed;
        throw new ApiError(404, "model_not_found", `there is no model ${id}; this server has ${name}`, { param: "id" });
      },
    }),
    operation({
      method: "get",
      path: "/health",
      summary: "Whether the process lives",
      answers: { "application/json": status("Health", "alive") },
      errors: [403],
      open: true,
      handle: async () => ({ status: "alive" }),
    }),
    operation({
      method: "get",
      path: "/ready",
      summary: "Whether requests are answered",
      description: "503 while the model is being loaded and while the server is about to end.",
      answers: { "application/json": status("Ready", "ready") },
      errors: [403, 503],
      open: true,
      handle: async () => {
        if (serving.draining) throw draining();
        modelOf(serving);
        return { status: "ready" };
      },
    }),
    operation({
      method: "get",
      path: "/metrics",
      summary: "Counters in the text format of Prometheus",
      answers: { "text/plain": z.string() },
      errors: GUARDED,
      handle: async ({ reply }) => reply.type(metrics.contentType).send(await metrics.page()),
    }),
  ];
}

/** What requests are told while the server is about to end. */
export function draining(): ApiError {
  return new ApiError(503, "draining", "the server is about to end; ask another, or try again later", {
    retryAfter: 5,
  });
}

function status(title: string, value: string) {
  return z.strictObject({ status: z.literal(value) }).meta({ title });
}

const model = z
  .strictObject({
    id: z.string(),
    task: z.enum(["chat", "translate", "classify"]),
    architecture: z.string(),
    layers: z.int().optional(),
    heads: z.int().optional(),
    dModel: z.int(),
    vocabularySize: z.int(),
    maxTokens: z.int().describe("the most tokens that it reads, and that it writes"),
    parameters: z.int(),
    labels: z.array(z.string()).optional().describe("of a classifier: its classes"),
  })
  .meta({ title: "Model" });

const listedModel = z.strictObject({
  id: z.string(),
  object: z.literal("model"),
  created: z.int().describe("when the server began, in seconds since 1970"),
  owned_by: z.string(),
});

const models = z.strictObject({ object: z.literal("list"), data: z.array(listedModel) }).meta({ title: "Models" });
