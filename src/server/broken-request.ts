import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { ApiError } from "./api-error.ts";

/** Answers what is no request, or did not come in time, and closes the connection. */
export function answerBrokenRequest({ code }: Error & { readonly code?: string }, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = brokenRequest(code);
  const body = JSON.stringify(error.body());
  socket.write(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
      "Connection: close",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
  socket.destroySoon();
}

function brokenRequest(code: string | undefined): ApiError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new ApiError(408, "request_timeout", "the request did not come in time; send it at once");
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return new ApiError(431, "headers_too_large", "the headers are longer than this server takes; send fewer cookies");
  }
  return new ApiError(400, "invalid_http", "this is no HTTP/1.1 request");
}
