import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { VERSION } from "../training/version.ts";
import { ERROR_TYPES } from "./api-error.ts";
import type { Operation } from "./operation.ts";

type Json = Readonly<Record<string, unknown>>;

const errorBody = z
  .strictObject({
    error: z.strictObject({
      type: z.enum(ERROR_TYPES).describe("as in OpenAI's API"),
      code: z.string().describe("for programs"),
      message: z.string().describe("what is wrong, and what to do"),
      param: z.string().optional().describe("the field that it is about"),
    }),
  })
  .meta({ title: "Error" });

/** Statuses that tell after how many seconds to try again. */
const RETRY = [429, 503];

/** The OpenAPI document of operations, made from the schemas that check their requests. */
export function openApi(operations: readonly Operation[]): Json {
  const schemas: Record<string, Json> = {};
  const reference = (schema: z.ZodType, io: "input" | "output"): Json => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
    if (typeof json.title !== "string") return json;
    schemas[json.title] = json;
    return { $ref: `#/components/schemas/${json.title}` };
  };
  const failure = (status: number): Json => ({
    description: STATUS_CODES[status],
    ...(RETRY.includes(status) && { headers: { "Retry-After": { schema: { type: "integer" } } } }),
    content: { "application/json": { schema: reference(errorBody, "output") } },
  });
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, path, summary, description, body, answers, errors, open = false } of operations) {
    const content = (schema: z.ZodType, io: "input" | "output") => ({ schema: reference(schema, io) });
    paths[path] ??= {};
    paths[path][method] = {
      operationId: path
        .split(/[/{}]+/)
        .filter(Boolean)
        .join("-"),
      summary,
      ...(description !== undefined && { description }),
      parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
        return { name, in: "path", required: true, schema: { type: "string" } };
      }),
      security: open ? [] : [{}, { token: [] }],
      ...(body && { requestBody: { required: true, content: { "application/json": content(body, "input") } } }),
      responses: {
        200: {
          description: "The answer",
          content: Object.fromEntries(
            Object.entries(answers).map(([type, schema]) => [type, content(schema, "output")]),
          ),
        },
        ...Object.fromEntries(errors.map((status) => [status, failure(status)])),
      },
    };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "jumok",
      version: VERSION,
      description:
        "A trained attention model. A path that is not there is answered with 404, a method that a path does not have " +
        "with 405, a request that comes too slowly with 408, headers that are too long with 431; all with an Error.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths,
    components: { schemas, securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}
