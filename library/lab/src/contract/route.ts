import type { z } from "zod";

/**
 * What a caller must be allowed to do: in the project that the request names (`read` … `manage`, as `authorize` has them); `known`, to be
 * anybody whom the service knows; `own`, to act for the whole of one's account, as a token of one project may not; `administer`.
 */
type RouteAction = "read" | "write" | "delete" | "promote" | "protect" | "manage" | "known" | "own" | "administer";

/** A route of the service: what the handler, the typed client, the OpenAPI document and its test are made from. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `:name` where a parameter stands. */
  readonly path: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** Other paths at which the same is answered. */
  readonly aliases?: readonly string[];
  /** Answers also without `/api`. */
  readonly twin?: true;
  /** Served by the route of the same method and path that answers files: the JSON among them, with its form. */
  readonly variant?: true;
  /** Needs no known caller. */
  readonly public?: true;
  /** What the caller must be allowed to do. Default: `read` for GET, `delete` for DELETE, else `write`. */
  readonly action?: RouteAction;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** JSON. */
  readonly body?: z.ZodType;
  /** A multipart body: fields before one file in the field `file`. */
  readonly form?: z.ZodObject;
  /** JSON that is answered, with `status: "success"` in it; without `answer`, `file` and `events` that is all. */
  readonly answer?: z.ZodObject | z.ZodUnion<readonly z.ZodObject[]>;
  /** Media types of a file that is answered, the usual one first. */
  readonly file?: readonly [string, ...string[]];
  /** Server-sent events, each of this form. */
  readonly events?: z.ZodType;
  /** Codes of a good answer, the usual one first; 200 where none is given. */
  readonly statuses?: readonly [number, ...number[]];
  /** One call that makes sense, checked against the schemas by a test. */
  readonly example: RouteExample;
}

/** What is sent, and what comes back, `status` left out. */
export interface RouteExample {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, unknown>>;
  readonly answer?: Readonly<Record<string, unknown>>;
}

/** Declares a route; the types of its schemas are kept. */
export function route<const R extends Route>(declared: R): R {
  return declared;
}

type Sent<T> = T extends z.ZodType ? z.input<T> : unknown;

/** What a caller gives, as one record: parameters, query, and the body's or the form's fields. */
export type RouteInput<R extends Route> = Sent<R["params"]> &
  Sent<R["query"]> &
  (undefined extends Sent<R["body"]> ? Partial<NonNullable<Sent<R["body"]>>> : Sent<R["body"]>) &
  (R["form"] extends z.ZodObject ? z.input<R["form"]> & { readonly file: Blob; readonly fileName?: string } : unknown);

/** What a caller gets. */
export type RouteOutput<R extends Route> = R["answer"] extends z.ZodType ? z.output<R["answer"]> : { status: "success" };

/** Every path that a route answers at, the one that is documented first. */
export function pathsOf({ path, aliases = [], twin }: Route): readonly string[] {
  return [path, ...(twin ? [path.replace("/api", "")] : []), ...aliases];
}

/** Codes of a good answer. */
export function statusesOf({ statuses }: Route): readonly [number, ...number[]] {
  return statuses ?? [200];
}

/** What a caller must be allowed to do; undefined where nobody is asked. */
export function actionOf({ action, method, public: isPublic }: Route): RouteAction | undefined {
  if (isPublic) return undefined;
  return action ?? (method === "GET" ? "read" : method === "DELETE" ? "delete" : "write");
}
