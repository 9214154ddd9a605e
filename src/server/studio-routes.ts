import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { exhibited } from "../studio/exhibited.ts";
import { Exhibition } from "../studio/exhibition.ts";
import { lessonAsked, lessonRequest } from "../studio/lesson-request.ts";
import type { LessonNumbers } from "../studio/lesson-wire.ts";
import type { Cell, GenerateEvent, ModelCard, OcclusionEvent, Outlines } from "../studio/wire.ts";
import { namedEvent, sendEvents } from "./event-stream.ts";
import { sameOriginGuard } from "./guards.ts";
import { resultOf, type Ticket } from "./inference.ts";
import { requestLife } from "./request-life.ts";
import { modelOf, type Serving } from "./serving.ts";
import { answerError, studioEventOf } from "./studio-errors.ts";
import type { GenerateTask, OccludeTask, PartOf, ResultOf } from "./tasks.ts";
import { textField } from "./text-fields.ts";

const index = z.coerce.number().int().min(0);
const kind = z.enum(["cross", "enc", "dec", "align"]);
const weight = z.coerce.number().int().min(100).max(900);
const MOST_TOKENS = 10_000;
const MOST_LETTERS = 2000;
const MOST_RUNS = 1000;

/** What the page of the studio asks: `/api/*`, for pages of this server only. It is no part of the public API. */
export function studioRoutes(
  serving: Serving,
  { admit, tellInside }: { admit: (request: FastifyRequest) => void; tellInside: (error: unknown) => void },
) {
  const { inference, limits } = serving;
  const exhibition = exhibitionOf(serving);
  const life = (reply: FastifyReply) => requestLife(reply, limits.seconds);

  return async (scope: FastifyInstance): Promise<void> => {
    scope.addHook("onRequest", async (request) => {
      sameOriginGuard(request);
      admit(request);
    });
    scope.setErrorHandler((error, _, reply) => answerError(error, reply, tellInside));

    scope.get("/api/model", async (): Promise<ModelCard> => {
      const { folder, card } = modelOf(serving);
      return { id: folder, name: folder, ...card };
    });

    const generate = z.strictObject({
      src: textField(limits),
      beam: z.int().min(1).max(limits.beams).default(1),
      lenPenalty: z.number().min(0).max(5).default(0),
      topK: z.int().min(1).max(50).default(6),
      force: z.array(z.int().min(0)).max(MOST_TOKENS).default([]),
    });
    scope.post("/api/generate", { schema: { body: generate } }, async ({ body }, reply) => {
      const request = body as z.output<typeof generate>;
      modelOf(serving);
      const [ticket] = inference.submit([{ kind: "generate" as const, request }], life(reply));
      return sendEvents(reply, generated(ticket, exhibition()), errorEvent);
    });

    const shown = z.strictObject({ att: z.string() });
    const ofKind = z.strictObject({ kind });
    scope.get("/api/att/:att", { schema: { params: shown, querystring: ofKind } }, async ({ params, query }, reply) => {
      const { att } = params as z.output<typeof shown>;
      return sendBytes(reply, exhibition().overview(att, (query as z.output<typeof ofKind>).kind));
    });

    const oneHead = z.strictObject({ att: z.string(), kind, layer: index, head: index });
    scope.get("/api/att/:att/:kind/:layer/:head", { schema: { params: oneHead } }, async ({ params }, reply) => {
      const { att, kind, layer, head } = params as z.output<typeof oneHead>;
      return sendBytes(reply, exhibition().head(att, kind, layer, head));
    });

    const place = z.strictObject({ att: z.string(), kind, l: index, h: index, i: index, j: index });
    scope.get("/api/cell", { schema: { querystring: place } }, async ({ query }, reply): Promise<Cell> => {
      const { att, kind, l, h, i, j } = query as z.output<typeof place>;
      const { reading } = exhibition().get(att);
      const task = { kind: "cell" as const, reading, place: { kind, layer: l, head: h, row: i, column: j } };
      return resultOf(inference.submit([task], life(reply))[0]);
    });

    const lesson = lessonRequest(textField(limits), limits.beams);
    const schema = { params: lesson.params, body: lesson.fields };
    scope.post("/api/how/:screen", { schema }, async ({ params, body }, reply): Promise<LessonNumbers> => {
      const { screen } = params as z.output<typeof lesson.params>;
      const examples = modelOf(serving).card.examples.map(({ src }) => src);
      const request = lessonAsked(screen, body as z.output<typeof lesson.fields>, examples);
      return resultOf(inference.submit([{ kind: "lesson" as const, request }], life(reply))[0]);
    });

    const outline = z.strictObject({
      runs: z
        .array(z.strictObject({ s: z.string().max(MOST_LETTERS), size: z.number().positive().max(1000), wght: weight }))
        .max(MOST_RUNS),
    });
    scope.post("/api/outline", { schema: { body: outline } }, async ({ body }, reply): Promise<Outlines> => {
      const request = body as z.output<typeof outline>;
      return resultOf(inference.submit([{ kind: "outline" as const, request }], life(reply))[0]);
    });

    const font = z.strictObject({ text: z.string().min(1).max(MOST_LETTERS), wght: weight.default(400) });
    scope.post("/api/font", { schema: { body: font } }, async ({ body }, reply) => {
      const { text, wght } = body as z.output<typeof font>;
      const [ticket] = inference.submit([{ kind: "font" as const, text, weight: wght }], life(reply));
      return reply.type("font/woff2").send(Buffer.from(await resultOf(ticket)));
    });

    const occlude = z.strictObject({
      att: z.string(),
      i: z.int().min(0),
      words: z.array(z.int().min(0)).max(MOST_TOKENS).optional(),
    });
    scope.post("/api/occlude", { schema: { body: occlude } }, async ({ body }, reply) => {
      const { att, i, words } = body as z.output<typeof occlude>;
      const { reading } = exhibition().get(att);
      const task = { kind: "occlude" as const, reading, what: { token: i, words } };
      const [ticket] = inference.submit([task], life(reply));
      return sendEvents(reply, occluded(ticket), errorEvent);
    });
  };
}

/** What is kept of the answers of the model that is served now: another one starts with nothing. */
function exhibitionOf({ inference, limits }: Serving): () => Exhibition {
  let of = inference.model;
  let exhibition = new Exhibition(limits.exhibits);
  return () => {
    if (of !== inference.model) exhibition = new Exhibition(limits.exhibits);
    of = inference.model;
    return exhibition;
  };
}

async function* generated(ticket: Ticket<ResultOf<GenerateTask>, PartOf<GenerateTask>>, exhibition: Exhibition) {
  const name = randomBytes(9).toString("base64url");
  for await (const event of exhibited(ticket, exhibition, name)) yield sent(event);
}

async function* occluded(ticket: Ticket<ResultOf<OccludeTask>, PartOf<OccludeTask>>) {
  for await (const event of ticket) yield sent(event);
  yield sent({ type: "done" });
}

function sent(event: GenerateEvent | OcclusionEvent): string {
  return namedEvent(event.type, event);
}

function errorEvent(error: unknown): string {
  return sent(studioEventOf(error));
}

function sendBytes(reply: FastifyReply, { buffer, byteOffset, byteLength }: Uint8Array | Float32Array): FastifyReply {
  return reply.type("application/octet-stream").send(Buffer.from(buffer, byteOffset, byteLength));
}
