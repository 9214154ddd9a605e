import { createHash, timingSafeEqual } from "node:crypto";
import { BlockList } from "node:net";
import type { FastifyRequest } from "fastify";
import { ApiError } from "./api-error.ts";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether only programs of the same machine reach this address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || LOOPBACK.check(host, host.includes(":") ? "ipv6" : "ipv4");
}

/** Names by which a program of the same machine calls a server that only it can reach. */
const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses requests that a browser was misled to send here: a page of another site whose name was made to point to this
 * machine, which its Host header tells, and pages of other origins that were not allowed.
 *
 * @param host where the server listens; where others reach it too, it may have any name
 * @param origins that are allowed
 */
export function siteGuard(host: string, origins: readonly string[]): (request: FastifyRequest) => void {
  const names = isLoopback(host) ? new Set([...LOCAL_NAMES, host]) : undefined;
  const allowed = new Set(origins);
  return ({ headers: { host: called = "", origin }, method }) => {
    if (names !== undefined && !names.has(nameIn(called))) {
      throw new ApiError(403, "host_not_allowed", `this server is not called ${called}; ask http://localhost instead`);
    }
    if (origin === undefined || method === "GET" || method === "HEAD") return;
    if (allowed.has("*") || allowed.has(origin) || isOriginOf(called, origin)) return;
    throw new ApiError(403, "origin_not_allowed", `pages of ${origin} may not ask this server; start it with --cors`);
  };
}

/** Refuses whatever a page of another origin asks, even of one that may use the public API. */
export function sameOriginGuard({ headers: { host = "", origin } }: FastifyRequest): void {
  if (origin === undefined || isOriginOf(host, origin)) return;
  throw new ApiError(403, "origin_not_allowed", "only pages of this server may ask this; open them at its own address");
}

function isOriginOf(host: string, origin: string): boolean {
  return origin.replace(/^https?:\/\//, "") === host;
}

/** The name in `name:port`. */
function nameIn(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "");
}

/** Refuses requests without the token; how long that takes tells nothing about it. */
export function tokenGuard(token: string): (request: FastifyRequest) => void {
  const expected = digest(token);
  return ({ headers: { authorization = "" } }) => {
    const [, given = ""] = /^Bearer +(.*)$/i.exec(authorization) ?? [];
    if (timingSafeEqual(digest(given), expected)) return;
    throw new ApiError(401, "unauthorized", "this server wants its token: send the header Authorization: Bearer TOKEN");
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Headers of every answer: browsers shall run, frame and guess nothing. */
export const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;
