import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Problem } from "../contract/values.ts";
import { databaseFailure } from "../db/database.ts";
import { refusedValue } from "./refused-value.ts";
import { tellWhy } from "./request-log.ts";

/** HTTP status of each error class. */
const statuses: Readonly<Record<string, number>> = {
  ParamsError: 400,
  ShapeError: 400,
  DataError: 422,
  AuthError: 401,
  PermissionError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  LimitError: 413,
  RateError: 429,
  StoreError: 503,
  AbortError: 409,
};

/** Answers an error as a problem: its class gives status and type, its message the detail. What we did not throw on purpose is not shown. */
export function answerError(error: FastifyError & Partial<Problem>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = databaseFailure(error);
  if (failure) {
    tellWhy(request, `${failure.message} (${error.message})`);
    return send(reply.header("retry-after", "2"), { ...base(failure.name, 503), detail: failure.message });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      field: instancePath.slice(1).replaceAll("/", "."),
      detail: message ?? "is wrong",
    }));
    const first = errors[0]!;
    const value = refusedValue(request, error, error.validation[0]!.instancePath);
    return send(reply, {
      ...base("ParamsError", 400),
      detail: `${first.field || "body"}: ${first.detail}`,
      field: first.field,
      ...(value !== undefined && { value }),
      errors,
    });
  }
  const own = statuses[error.name];
  if (own !== undefined) {
    const { retryAfterSeconds } = error as { readonly retryAfterSeconds?: number };
    if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
    const isOurs = own >= 500;
    if (isOurs) {
      tellWhy(request, error.message);
      if (retryAfterSeconds === undefined && !reply.hasHeader("retry-after")) reply.header("retry-after", "5");
    }
    if (own === 401) reply.header("www-authenticate", "Bearer");
    const rejects = (error as { rejects?: readonly { line: number; reason: string }[] }).rejects;
    return send(reply, {
      ...base(error.name, own),
      detail: isOurs ? withoutPlaces(error.message) : error.message,
      ...(error.field !== undefined && { field: error.field }),
      ...(error.value !== undefined && { value: error.value }),
      ...(rejects && { errors: rejects.map(({ line, reason }) => ({ field: `line ${line}`, detail: reason })) }),
    });
  }
  if (error.code === "FST_ERR_HANDLER_TIMEOUT")
    return send(reply.header("retry-after", "30"), {
      ...base("TimeoutError", 503),
      detail: "the answer took too long and was given up: ask for less, or send it as a job",
    });
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const type = request.headers["content-type"] ?? "no type";
    const detail = `no body of ${type} is read here; JSON is sent with the header Content-Type: application/json`;
    return send(reply, { ...base("ParamsError", 415), detail });
  }
  const status = error.statusCode ?? 500;
  if (isDataException(error)) {
    request.log.warn({ err: error }, error.message);
    return send(reply, { ...base("ParamsError", 400), detail: `a value cannot be kept: ${error.message}` });
  }
  if (error.code === "23503" || error.code === "23505") {
    request.log.warn({ err: error }, error.message);
    return send(reply, {
      ...base("ConflictError", 409),
      detail: "somebody removed, or made, what this is about at the same moment: look at it and try again",
    });
  }
  if (status < 500)
    return send(reply, {
      ...base(status === 429 ? "RateError" : status === 413 ? "LimitError" : "ParamsError", status),
      detail: error.message,
    });
  request.log.error({ err: error }, error.message);
  return send(reply, { ...base("InternalError", 500), detail: `the service failed; request ${request.id} in its log says why` });
}

/** What the service could not do, without this machine's paths and addresses inside: they stand in the log. */
function withoutPlaces(text: string): string {
  return text.replaceAll(/(?<=^|[\s("'`])\/[^\s)"'`;,:]+|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, "…");
}

/** The problem of a route that is not there. */
export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const detail = `no route ${request.method} ${request.url.split("?")[0]}; /api/docs has them all`;
  return send(reply, { ...base("NotFoundError", 404), detail });
}

/** The problem of what is no request of HTTP, or has more headers than are read, or is too slow; then hangs up. */
export function answerUnreadable({ code, message }: Error & { readonly code?: string }, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = code === "HPE_HEADER_OVERFLOW" ? 431 : code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const name = status === 431 ? "LimitError" : status === 408 ? "TimeoutError" : "ParamsError";
  const body = JSON.stringify({ ...base(name, status), detail: `the request cannot be read: ${message}` } satisfies Problem);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Whether PostgreSQL refused a value that came in: a number or an instant out of its range, a cursor that is none (SQLSTATE class 22). */
function isDataException({ code }: { readonly code?: string | undefined }): boolean {
  return code !== undefined && /^22\w{3}$/.test(code);
}

function base(name: string, status: number): Pick<Problem, "type" | "title" | "status"> {
  const words = name
    .replace(/Error$/, "")
    .replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .toLowerCase();
  return { type: `urn:assay:problem:${words}`, title: `${words} error`, status };
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .status(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(problem);
}
