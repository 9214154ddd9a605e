import type { FastifyReply } from "fastify";
import { StudioError } from "../studio/studio-error.ts";
import type { ErrorEvent } from "../studio/wire.ts";
import { type ApiError, apiErrorOf } from "./api-error.ts";

const MALFORMED = "요청의 형식이 맞지 않습니다. 페이지를 새로 고치세요.";
const INTERNAL = "서버 안에서 문제가 생겼습니다. 서버를 켠 창의 메시지를 확인하세요.";

/** What the page is told of errors that are not the studio's own, by code; in English it is their message. */
const KOREAN: Readonly<Record<string, string>> = {
  body_too_large: "보낸 내용이 너무 깁니다. 짧게 줄여 주세요.",
  client_gone: "응답을 기다리지 않고 연결이 끊겼습니다. 다시 시도하세요.",
  draining: "서버가 곧 꺼집니다. 잠시 뒤에 다시 시도하세요.",
  host_not_allowed: "이 주소로는 서버를 부를 수 없습니다. http://localhost 주소로 여세요.",
  internal: INTERNAL,
  invalid_json: MALFORMED,
  invalid_length: MALFORMED,
  invalid_request: MALFORMED,
  invalid_url: MALFORMED,
  invalid_value: "보낸 값이 맞지 않습니다. 설정을 확인하고 다시 시도하세요.",
  loading: "모델을 불러오고 있습니다. 잠시 뒤에 다시 시도하세요.",
  no_model: "아직 학습한 모델이 없습니다. 학습이 끝난 뒤에 다시 시도하세요.",
  not_json: MALFORMED,
  origin_not_allowed: "다른 사이트의 페이지에서는 부를 수 없습니다. 이 서버의 주소에서 페이지를 여세요.",
  queue_full: "기다리는 문장이 너무 많습니다. 잠시 뒤에 다시 시도하세요.",
  text_not_readable: "이 모델이 읽을 수 없는 문장입니다. 다른 문장으로 다시 시도하세요.",
  timeout: "답이 너무 오래 걸려 멈췄습니다. 빔을 줄이거나 더 짧은 문장으로 다시 시도하세요.",
  unauthorized: "이 서버에는 토큰이 필요합니다. 서버를 켤 때 정한 토큰을 입력하세요.",
  url_too_long: "주소가 너무 깁니다. 짧게 줄여 주세요.",
  worker_lost: "계산하던 작업이 갑자기 끝났습니다. 다시 시도하세요.",
};

/** What the page is told of an error. */
export function studioEventOf(error: unknown): ErrorEvent {
  if (error instanceof StudioError) return error.event();
  const { code, message, details } = apiErrorOf(error);
  return { type: "error", code, ko: details.ko ?? KOREAN[code] ?? INTERNAL, en: message };
}

/** An error as it is answered. */
function studioAnswerOf(error: unknown): Pick<ApiError, "status" | "details"> & { readonly body: ErrorEvent } {
  const { status, details } = apiErrorOf(error);
  return { status, details, body: studioEventOf(error) };
}

/** Answers a request of the page that failed. */
export function answerError(error: unknown, reply: FastifyReply, tellInside: (error: unknown) => void): FastifyReply {
  const { status, details, body } = studioAnswerOf(error);
  if (details.retryAfter !== undefined) reply.header("retry-after", details.retryAfter);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  if (status === 500) tellInside(error);
  return reply.status(status).send(body);
}
