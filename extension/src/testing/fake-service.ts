import { routes } from "assay-lab/client";
import { type Api, ServiceError } from "../api";

/** How a fake service answers a request; undefined leaves it to the contract's example. */
type Answer = (method: string, path: string, body?: unknown) => unknown;

/** A service for tests of panels: it answers each route with the contract's own example, or as `answer` says, and keeps what it was asked. */
export interface FakeService extends Api {
  /** Method and path of each request so far. */
  readonly asked: string[];
  /** Answers from now on as this says. */
  answer: Answer;
}

/** A fake service that answers with the examples of the contract. */
export function fakeService(answer: Answer = () => undefined): FakeService {
  const asked: string[] = [];
  const ask = async (method: string, path: string, body?: unknown): Promise<never> => {
    asked.push(`${method} ${path}`);
    const given = await service.answer(method, path, body);
    if (given !== undefined) return given as never;
    const route = routeOf(method, `/${path}`);
    if (!route) throw new Error(`fakeService: no route ${method} /${path}`);
    return structuredClone({ status: "success", ...route.example.answer }) as never;
  };
  const service: FakeService = {
    asked,
    answer,
    get: (path) => ask("GET", path),
    post: (path, body) => ask("POST", path, body),
    put: (path, body) => ask("PUT", path, body),
    patch: (path, body) => ask("PATCH", path, body),
    remove: (path) => ask("DELETE", path),
    upload: (path, form) => ask("POST", path, form),
    download: (path) => ask("GET", path),
    blob: async () => new Blob([]),
    file: async (path) => new File([], path),
    address: (path) => `http://127.0.0.1:8888/assay/${path}`,
    stream: (_path, _lastId, signal) => ask("GET", "api/ml/events").then(() => silent(signal)),
  };
  return service;
}

/** The contract's examples with nothing in any of their lists. */
export const nothingThere: Answer = (method, path) => {
  const example = method === "GET" ? routeOf(method, `/${path}`)?.example.answer : undefined;
  if (!example) return undefined;
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, Array.isArray(value) ? [] : value]));
};

/** An answer that is on its way until it is sent. */
export function onItsWay<T>(): { readonly answer: Promise<T>; send(answer: T): void } {
  let send: (answer: T) => void = () => {};
  const answer = new Promise<T>((resolve) => {
    send = resolve;
  });
  return { answer, send };
}

/** What a service that is away comes to. */
export const nobodyAnswers = () => new ServiceError("the service of Assay does not answer", 0);

/** What a service answers who may not do something. */
export function forbids(
  detail = "this user may not write in the project: needs the role editor, has viewer (the project survey of ada)",
) {
  return refuses(403, detail, "permission");
}

/** A problem as the service answers it. */
export function refuses(status: number, detail: string, kind = "data", more: object = {}): ServiceError {
  return new ServiceError(detail, status, { type: `urn:assay:problem:${kind}`, title: `${kind} error`, status, detail, ...more });
}

/** As much of a route of the contract as answers need. */
interface Declared {
  readonly method: string;
  readonly path: string;
  readonly example: { readonly answer?: object };
}

const declared = Object.values(routes).flatMap((group): Declared[] => Object.values(group));

function routeOf(method: string, path: string): Declared | undefined {
  const parts = path.split("/");
  const fits = (route: Declared) => {
    const wanted = route.path.split("/");
    return wanted.length === parts.length && wanted.every((part, k) => part.startsWith(":") || part === parts[k]);
  };
  const found = declared.filter((route) => route.method === method && fits(route));
  const fixed = ({ path: own }: Declared) => own.split("/").filter((part) => !part.startsWith(":")).length;
  return found.sort((a, b) => fixed(b) - fixed(a))[0];
}

/** A stream that tells nothing until it is given up. */
function silent(signal: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => signal.addEventListener("abort", () => controller.close()) });
}
