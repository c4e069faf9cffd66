import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from "fastify";
import type { z } from "zod";
import { pathsOf, type Route, statusesOf } from "../contract/route.ts";
import { answer } from "../contract/values.ts";
import { databaseFailure, isConnectionLoss } from "../db/database.ts";
import type { Session } from "../projects/session.ts";
import type { App } from "./app.ts";
import { serverLimits } from "./server-limits.ts";
import { takeNames } from "./taken-names.ts";
import { unknownKeys } from "./unknown-keys.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The caller, in the project that the request names. */
    session: Session;
  }
  interface FastifyContextConfig {
    /** What the contract says of the route. */
    route?: Route;
  }
}

type Checked<T> = T extends z.ZodType ? z.output<T> : unknown;

/** A request whose parts were checked against the route's schemas. */
type RouteRequest<R extends Route> = FastifyRequest & {
  readonly params: Checked<R["params"]>;
  readonly query: Checked<R["query"]>;
  readonly headers: Checked<R["headers"]>;
  readonly body: Checked<R["body"]>;
};

/** Fields of a good answer; `status` is added. Files and events are sent by the handler. */
type Answered<R extends Route> = R["answer"] extends z.ZodType
  ? WithoutStatus<z.input<R["answer"]>>
  : R extends { readonly file: unknown } | { readonly events: unknown }
    ? unknown
    : // biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing
      void;

type WithoutStatus<A> = A extends unknown ? Omit<A, "status"> : never;

const done = answer({});
/** Bytes of a body that somebody sends whom nobody knows yet. */
const strangersMost = 65_536;

/** Serves a route of the contract: schemas checked on both ways, the caller's session in the request, the right to change things asked by the guard before the room asks. A handler that sends a file gives the reply. */
export function handle<const R extends Route>(
  app: App,
  route: R,
  handler: (request: RouteRequest<R>, reply: FastifyReply) => Promise<Answered<R> | FastifyReply>,
  options: Pick<RouteShorthandOptions, "config" | "serializerCompiler" | "validatorCompiler"> & { readonly helmet?: false } = {},
): void {
  const { method, path, params, query: querystring, headers, body } = route;
  const [usual] = statusesOf(route);
  const sendsJson = route.file === undefined && route.events === undefined;
  const schema = {
    summary: route.summary,
    ...(params && { params }),
    ...(querystring && { querystring }),
    ...(headers && { headers }),
    ...(body && { body }),
    ...(sendsJson && { response: Object.fromEntries(statusesOf(route).map((code) => [code, route.answer ?? done])) }),
  };
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (usual !== 200) reply.status(usual);
    const work = () => handler(request as RouteRequest<R>, reply);
    const answered = await (sendsJson && method === "GET" ? readTwice(work) : work());
    return sendsJson && answered !== reply ? { status: "success", ...(answered as object | undefined) } : answered;
  };
  const named = takeNames(route);
  const refuseUnknown = unknownKeys(route);
  const isLong = !sendsJson || route.form !== undefined;
  for (const url of pathsOf(route))
    app.route({
      ...options,
      ...(route.public && { bodyLimit: strangersMost }),
      config: { ...options.config, route },
      method,
      url,
      schema: { ...schema, ...(url !== path && { hide: true }) },
      preValidation: (request, _, done) => {
        request.body = named(request.body);
        refuseUnknown(request);
        done();
      },
      handler: serve,
      ...(isLong && { handlerTimeout: serverLimits().fileMs }),
    });
}

/** Reads once more where the database went away in the middle: it may be back, as after a restart. What it gave up or refused is not asked again. */
async function readTwice<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(databaseFailure(error) && isConnectionLoss(error))) throw error;
    return read();
  }
}
