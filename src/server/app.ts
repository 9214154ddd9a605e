import cors from "@fastify/cors";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { z } from "zod";
import { ApiError, apiErrorOf } from "./api-error.ts";
import { attentionOperation } from "./attention-operation.ts";
import { answerBrokenRequest } from "./broken-request.ts";
import { completionOperation } from "./completion-operation.ts";
import { SECURITY_HEADERS, siteGuard, tokenGuard } from "./guards.ts";
import { judgingOperation } from "./judging-operation.ts";
import { openApi } from "./open-api.ts";
import { type Operation, operation } from "./operation.ts";
import type { Page } from "./page.ts";
import { requestError } from "./request-error.ts";
import { requestLife } from "./request-life.ts";
import { type OpenRequests, type ServerEvent, watchRequests } from "./request-log.ts";
import type { Serving } from "./serving.ts";
import { draining, statusOperations } from "./status-operations.ts";
import { studioRoutes } from "./studio-routes.ts";
import type { TrainingOffice } from "./training-office.ts";
import { trainingRoutes } from "./training-routes.ts";
import { writingOperations } from "./writing-operations.ts";

export interface AppOptions {
  readonly serving: Serving;
  /** Where it will listen. */
  readonly host: string;
  /** What clients have to know. Default: nothing. */
  readonly token?: string;
  /** Origins whose pages may ask; `*` for all. */
  readonly origins: readonly string[];
  readonly page: Page;
  /** What the page may ask of trainings. Default: nothing. */
  readonly training?: TrainingOffice;
  readonly open: OpenRequests;
  readonly tell: (event: ServerEvent) => void;
}

/** The HTTP side of a server: routes, their checks, and what errors look like. */
export async function makeApp(options: AppOptions): Promise<FastifyInstance> {
  const { serving, host, token, origins, page, training, open, tell } = options;
  const { limits, metrics } = serving;
  const app = fastify({
    bodyLimit: limits.body,
    requestTimeout: limits.receiveSeconds * 1000,
    // A client that reads nothing more of its answer; longer than an answer may take.
    connectionTimeout: (limits.seconds + limits.receiveSeconds) * 1000,
    http: { headersTimeout: limits.receiveSeconds * 1000, connectionsCheckingInterval: 1000 },
    return503OnClosing: false, // it is answered as any other request, with our error
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _, reply) => answerError(error, reply),
  });
  app.server.maxConnections = limits.connections;

  watchRequests(app, { open, metrics, tell });
  app.addHook("onRequest", async (_, reply) => {
    reply.headers({ ...SECURITY_HEADERS, "cache-control": "no-store" });
  });
  if (origins.length > 0)
    await app.register(cors, {
      origin: origins.includes("*") ? "*" : [...origins],
      methods: ["GET", "POST"],
      exposedHeaders: ["retry-after"],
    });
  const checkSite = siteGuard(host, origins);
  app.addHook("onRequest", async (request) => checkSite(request));

  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler(({ schema }) => (data) => {
    const parsed = (schema as unknown as z.ZodType).safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: requestError(parsed.error, data) };
  });
  app.setErrorHandler((error, _, reply) => {
    const told = answerError(error, reply);
    if (told.status === 500) tellInside(error);
  });
  const tellInside = (error: unknown) => tell({ type: "error", ...inside(error) });

  const operations = operationsOf(serving);
  const checkToken = token === undefined ? undefined : tokenGuard(token);
  const admit = (request: FastifyRequest) => {
    checkToken?.(request);
    if (serving.draining) throw draining();
  };
  for (const { method, path, body, handle, open: forAll = false } of operations) {
    app.route({
      method,
      url: path.replace(/\{(\w+)\}/g, ":$1"),
      schema: { ...(body && { body }) },
      onRequest: async (request) => {
        if (!forAll) admit(request);
      },
      handler: async (request, reply) =>
        handle({
          body: request.body,
          params: request.params as Record<string, string>,
          signal: requestLife(reply, limits.seconds),
          reply,
        }),
    });
  }
  await app.register(studioRoutes(serving, { admit, tellInside }));
  if (training !== undefined) await app.register(trainingRoutes(training, { admit, tellInside }));
  app.setNotFoundHandler((request, reply) => answerPage(request, reply, page, operations));
  return app;
}

function operationsOf(serving: Serving): Operation[] {
  const operations: Operation[] = [
    ...writingOperations(serving),
    judgingOperation(serving),
    attentionOperation(serving),
    completionOperation(serving),
    ...statusOperations(serving),
    operation({
      method: "get",
      path: "/openapi.json",
      summary: "This document",
      answers: { "application/json": z.looseObject({ openapi: z.string() }) },
      errors: [403],
      open: true,
      handle: async () => document,
    }),
  ];
  const document = openApi(operations);
  return operations;
}

/** A path that no operation has: a file of the page, or a mistake. */
function answerPage(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  page: Page,
  operations: readonly Operation[],
) {
  const path = url.split("?")[0];
  const methods = operations.filter((known) => isPathOf(known, path)).map((known) => known.method.toUpperCase());
  if (methods.length > 0) {
    reply.header("allow", methods.join(", "));
    throw new ApiError(405, "method_not_allowed", `${path} is asked with ${methods.join(" or ")}, not with ${method}`);
  }
  const file = method === "GET" || method === "HEAD" ? page(path) : undefined;
  if (file === undefined) {
    throw new ApiError(404, "not_found", `there is no ${path}; GET /openapi.json tells what there is`);
  }
  return reply.type(file.type).send(file.content);
}

function isPathOf({ path }: Operation, asked: string): boolean {
  const names = path.split("/");
  const parts = asked.split("/");
  return names.length === parts.length && names.every((name, i) => name === parts[i] || name.startsWith("{"));
}

function answerError(error: unknown, reply: FastifyReply): ApiError {
  const told = apiErrorOf(error);
  if (told.status === 401) reply.header("www-authenticate", "Bearer");
  if (told.details.retryAfter !== undefined) reply.header("retry-after", told.details.retryAfter);
  void reply.status(told.status).send(told.body());
  return told;
}

function inside(error: unknown) {
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}
