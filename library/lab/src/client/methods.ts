import type { z } from "zod";
import type { Route, RouteInput, RouteOutput } from "../contract/route.ts";
import type { routes } from "../contract/routes.ts";

/** What goes along with a request. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event of a stream; its id resumes the stream behind it, as the header `last-event-id`. */
export interface StreamedEvent<T> {
  readonly id: string;
  readonly event: T;
}

type Result<R extends Route> = R["events"] extends z.ZodType
  ? AsyncGenerator<StreamedEvent<z.output<R["events"]>>>
  : R extends { readonly file: unknown }
    ? Promise<Blob>
    : Promise<RouteOutput<R>>;

/** What a method takes: what its route takes, and the project to work in. */
type Input<R extends Route> = RouteInput<R> & { readonly project_id?: string | undefined };

/** One route as a method: parameters, query and body in one record. */
type Method<R extends Route> =
  Record<never, never> extends Input<R>
    ? (input?: Input<R>, options?: RequestOptions) => Result<R>
    : (input: Input<R>, options?: RequestOptions) => Result<R>;

type Routes = typeof routes;

/** Every route as a method, by group and verb. */
export type Methods = {
  readonly [G in keyof Routes]: { readonly [V in keyof Routes[G]]: Routes[G][V] extends Route ? Method<Routes[G][V]> : never };
};

/** Sends a request; throws what is no good answer. */
type Send = (path: string, init: RequestInit) => Promise<Response>;

/** Makes the methods of a tree of routes. */
export function methodsOf(tree: Routes, send: Send): Methods {
  const groups = Object.entries(tree).map(([group, verbs]) => [
    group,
    Object.fromEntries(Object.entries(verbs).map(([verb, route]) => [verb, methodOf(route, send)])),
  ]);
  return Object.fromEntries(groups) as Methods;
}

function methodOf(route: Route, send: Send) {
  const ask = (input: Readonly<Record<string, unknown>>, { signal, headers }: RequestOptions): Promise<Response> => {
    const { path, body } = requestOf(route, input);
    return send(path, {
      method: route.method,
      headers: { ...(typeof body === "string" && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  };
  if (route.events)
    return (input = {}, { headers, ...options }: RequestOptions = {}) =>
      streamed(ask(input, { ...options, headers: { accept: "text/event-stream", ...headers } }));
  return async (input: Readonly<Record<string, unknown>> = {}, options: RequestOptions = {}) => {
    const answer = await ask(input, options);
    if (route.file) return answer.blob();
    const json: unknown = await answer.json();
    return route.answer ? route.answer.parse(json) : json;
  };
}

/** Where each key of the input goes: into the path, the query, the form, or the body. */
function requestOf(route: Route, input: Readonly<Record<string, unknown>>): { path: string; body: BodyInit | undefined } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (key: string): unknown => {
    const value = rest.get(key);
    rest.delete(key);
    return value;
  };
  const path = route.path.replaceAll(/:(\w+)/g, (_, key: string) => {
    const value = take(key);
    if (value === undefined) throw new TypeError(`${route.method} ${route.path}: needs ${key}`);
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  for (const key of [...Object.keys(route.query?.shape ?? {}), "project_id"])
    if (rest.has(key)) for (const value of [take(key)].flat()) query.append(key, String(value));
  const search = query.size > 0 ? `?${query}` : "";
  if (rest.size > 0 && !route.body && !route.form)
    throw new TypeError(`${route.method} ${route.path}: takes no ${[...rest.keys()].join(", ")}`);
  return { path: path + search, body: route.form ? formOf(rest) : route.body && JSON.stringify(Object.fromEntries(rest)) };
}

/** The file last: what is beside it is known before its first byte. */
function formOf(fields: ReadonlyMap<string, unknown>): FormData {
  const form = new FormData();
  for (const [key, value] of fields) if (key !== "file" && key !== "fileName") form.set(key, String(value));
  form.set("file", fields.get("file") as Blob, String(fields.get("fileName") ?? "file"));
  return form;
}

/** The events of an answer until it ends. */
async function* streamed(asked: Promise<Response>): AsyncGenerator<StreamedEvent<unknown>> {
  const reader = (await asked).body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = fieldOf(block, "data");
        if (data !== undefined) yield { id: fieldOf(block, "id") ?? "", event: JSON.parse(data) };
      }
    }
  } finally {
    await reader.cancel();
  }
}

function fieldOf(block: string, name: string): string | undefined {
  return block
    .split("\n")
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
}
