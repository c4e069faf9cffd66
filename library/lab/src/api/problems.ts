import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Problem } from "../contract/values.ts";

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
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      field: instancePath.slice(1).replaceAll("/", "."),
      detail: message ?? "is wrong",
    }));
    const first = errors[0]!;
    return send(reply, {
      ...base("ParamsError", 400),
      detail: `${first.field || "body"}: ${first.detail}`,
      field: first.field,
      errors,
    });
  }
  const own = statuses[error.name];
  if (own !== undefined) {
    const rejects = (error as { rejects?: readonly { line: number; reason: string }[] }).rejects;
    return send(reply, {
      ...base(error.name, own),
      detail: error.message,
      ...(error.field !== undefined && { field: error.field }),
      ...(error.value !== undefined && { value: error.value }),
      ...(rejects && { errors: rejects.map(({ line, reason }) => ({ field: `line ${line}`, detail: reason })) }),
    });
  }
  const status = error.statusCode ?? 500;
  if (isDataException(error)) {
    request.log.warn({ err: error }, error.message);
    return send(reply, { ...base("ParamsError", 400), detail: `a value cannot be kept: ${error.message}` });
  }
  if (status < 500)
    return send(reply, {
      ...base(status === 429 ? "RateError" : status === 413 ? "LimitError" : "ParamsError", status),
      detail: error.message,
    });
  request.log.error({ err: error }, error.message);
  return send(reply, { ...base("InternalError", 500), detail: `the service failed; request ${request.id} in its log says why` });
}

/** The problem of a route that is not there. */
export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(reply, { ...base("NotFoundError", 404), detail: `no route ${request.method} ${request.url.split("?")[0]}` });
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
