import type { FastifyReply } from "fastify";
import type { z } from "zod";

/** What a request asks for. */
export interface Call<Body> {
  readonly body: Body;
  /** What stands in the places of the path that have a name. */
  readonly params: Readonly<Record<string, string>>;
  /** Ends the work when the client goes away or the time is over. */
  readonly signal: AbortSignal;
  /** To answer otherwise than with JSON. */
  readonly reply: FastifyReply;
}

/** One thing that the API does: it is checked, answered and described by this. Its schemas have titles. */
export interface Operation<Body extends z.ZodType = z.ZodType> {
  readonly method: "get" | "post";
  /** Such as `/v1/models/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly body?: Body;
  /** What it answers, by media type. */
  readonly answers: Readonly<Record<string, z.ZodType>>;
  /** Statuses of its errors. */
  readonly errors: readonly number[];
  /** Whether it is for everybody, also where a token is asked for, and also while the server is about to end. */
  readonly open?: boolean;
  /** @returns the answer, if it was not sent yet */
  handle(call: Call<z.output<Body>>): Promise<unknown>;
}

/** Errors of whatever wants the token. */
export const GUARDED = [401, 403, 503] as const;

/** Errors of whatever asks something of a model of any kind. */
export const ASKING = [400, ...GUARDED, 413, 415, 422, 429, 500, 504] as const;

/** Errors of whatever asks something of a model of one kind. */
export const ASKING_A_KIND = [...ASKING, 409] as const;

/** An operation whose handler is checked against its body. */
export function operation<Body extends z.ZodType>(described: Operation<Body>): Operation {
  return described as unknown as Operation;
}
