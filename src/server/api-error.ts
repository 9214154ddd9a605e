import { StudioError } from "../studio/studio-error.ts";

/** What an error tells its client beside its message. */
export interface ErrorDetails {
  /** The field of the request that it is about. */
  readonly param?: string;
  /** The message in Korean, for the page; where there is none, its code has one. */
  readonly ko?: string;
  /** After how many seconds it is worth trying again. */
  readonly retryAfter?: number;
}

/** An error as a client is told of it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** For programs. */
  readonly code: string;
  readonly details: ErrorDetails;

  /** @param message what is wrong, and what to do */
  constructor(status: number, code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** The body of the answer. */
  body() {
    const { param } = this.details;
    const told = { type: typeOf(this.status), code: this.code, message: this.message };
    return { error: { ...told, ...(param !== undefined && { param }) } };
  }
}

/** The kinds of errors, as OpenAI's API calls them. */
export const ERROR_TYPES = [
  "invalid_request_error",
  "authentication_error",
  "permission_error",
  "rate_limit_error",
  "server_error",
] as const;

function typeOf(status: number): (typeof ERROR_TYPES)[number] {
  if (status >= 500) return "server_error";
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  return status === 429 ? "rate_limit_error" : "invalid_request_error";
}

/** A client went away before it was answered. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

/** Errors of the studio that are not about the text. */
const STUDIO_STATUS: Readonly<Record<string, number>> = {
  gone: 404,
  no_such_film: 404,
  not_allowed: 403,
  busy: 409,
};

type Told = readonly [status: number, code: string, details?: ErrorDetails];

/** Errors of this server and of lower rooms, by name, whose message is for the client. */
const BY_NAME: Readonly<Record<string, Told>> = {
  ClientGoneError: [499, "client_gone"],
  TextError: [422, "text_not_readable"],
  SearchOptionsError: [422, "invalid_value"],
  AttentionError: [422, "no_such_attention"],
  TooMuchAttentionError: [422, "too_much_attention"],
  QueueFullError: [429, "queue_full", { retryAfter: 1 }],
  WorkerLostError: [503, "worker_lost", { retryAfter: 1 }],
};

/** Errors of the framework, by code; each with a message that says what to do. */
const BY_CODE: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    "body_too_large",
    "the body is larger than this server takes; send fewer or shorter texts",
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, "not_json", "the body must be JSON: set Content-Type: application/json"],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, "invalid_json", "the body is empty; it must be a JSON object"],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, "invalid_json", "the body is not JSON"],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, "invalid_length", "the body is not as long as Content-Length says"],
  FST_ERR_BAD_URL: [400, "invalid_url", "the path of the URL is not well encoded"],
  FST_ERR_MAX_PARAM_LENGTH: [414, "url_too_long", "the URL is too long"],
};

/** What to tell a client of an error; what nobody foresaw is told as an error inside, without more. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StudioError) {
    return new ApiError(STUDIO_STATUS[error.code] ?? 422, error.code, error.message);
  }
  const { name, message, code } = error as Partial<NodeJS.ErrnoException>;
  const known = name === undefined ? undefined : BY_NAME[name];
  if (known !== undefined) return new ApiError(known[0], known[1], message ?? "", known[2]);
  const told = code === undefined ? undefined : BY_CODE[code];
  if (told !== undefined) return new ApiError(...told);
  return new ApiError(500, "internal", "something went wrong inside the server; its own messages tell more");
}
