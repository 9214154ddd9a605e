import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { StudioError } from "../studio/studio-error.ts";
import { dataEvent } from "./event-stream.ts";
import { filmFile } from "./film-file.ts";
import { sameOriginGuard } from "./guards.ts";
import { lastingEvents } from "./lasting-events.ts";
import { answerError } from "./studio-errors.ts";
import type { TrainingOffice } from "./training-office.ts";

const command = z.discriminatedUnion("cmd", [
  z.strictObject({ cmd: z.enum(["stop", "resume"]) }),
  z.strictObject({
    cmd: z.literal("start"),
    config: z.strictObject({
      file: z.string(),
      preset: z.string(),
      options: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);

const sentence = z.object({ x: z.coerce.number().int().min(0).default(0) });

/** `/api/train` and what is below it: what the Training view asks, for pages of this server only. */
export function trainingRoutes(
  office: TrainingOffice,
  { admit, tellInside }: { admit: (request: FastifyRequest) => void; tellInside: (error: unknown) => void },
) {
  const { desk } = office;
  return async (scope: FastifyInstance): Promise<void> => {
    scope.addHook("onRequest", async (request) => {
      sameOriginGuard(request);
      admit(request);
    });
    scope.setErrorHandler((error, _, reply) => answerError(error, reply, tellInside));
    scope.get("/api/train", () => office.status());
    scope.get("/api/train/history", () => desk.history());
    scope.get("/api/train/samples", () => desk.samples());
    scope.get("/api/train/live", (_, reply) =>
      lastingEvents(
        reply,
        (signal) => desk.live(signal),
        (moment) => dataEvent(JSON.stringify(moment)),
      ),
    );
    scope.get("/api/train/film", { schema: { querystring: sentence } }, async ({ query }, reply) => {
      const { x } = query as z.output<typeof sentence>;
      const film = await desk.film();
      if (film?.sentences[x] === undefined) throw noSuchFilm(x);
      return reply.type("application/octet-stream").send(Buffer.from(filmFile(film, x)));
    });
    scope.post("/api/train", { schema: { body: command } }, ({ body }) =>
      office.command(body as z.output<typeof command>),
    );
  };
}

function noSuchFilm(number: number): StudioError {
  return new StudioError("no_such_film", {
    ko: `${number + 1}번째 문장의 기록이 없습니다.`,
    en: `there is no film of sentence ${number + 1}`,
  });
}
