import { routes } from "../contract/routes.ts";
import { type Methods, methodsOf } from "./methods.ts";
import { ProblemError, problemOf } from "./problem-error.ts";
import { sendPatiently } from "./send-patiently.ts";

export type { Route, RouteInput, RouteOutput } from "../contract/route.ts";
export { routes } from "../contract/routes.ts";
export * from "./fallback.ts";
export * from "./follow-events.ts";
export type { Methods, RequestOptions, StreamedEvent } from "./methods.ts";
export { ProblemError } from "./problem-error.ts";
export { type HeldWeight, type WorkoutFallbackOptions, weightWithFallback } from "./workout-fallback.ts";

/** How the service is reached. */
export interface ClientOptions {
  /** Address of the service, as http://127.0.0.1:8790; default the page's own. */
  readonly url?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Project that every request works in; default the token's, else the caller's own. */
  readonly projectId?: string;
  /** Default the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How often a request that changes nothing twice is sent again when the service asks for patience; default 2. */
  readonly retries?: number;
}

/** Every route of the service as a typed method, by group and verb. */
export type Client = Methods;

/**
 * A typed client of the service, for browsers and Node: `client.group.verb({ … })` with the route's parameters, query and body in one record,
 * answers checked by the contract. Throws ProblemError for what the service refuses; a busy service (429, or 503 with `Retry-After`) is asked again where
 * that is safe.
 *
 * ```ts
 * const client = assayClient({ url: "http://127.0.0.1:8790", token });
 * const { items } = await client.datasets.list({ limit: 10 });
 * const { job_id } = await client.studies.tune({ dataset_id: "koi", target_column: "koi_disposition", algorithm: "random_forest" });
 * for await (const { event } of followEvents((options) => client.events.project({}, options))) console.log(event.kind);
 * ```
 */
export function assayClient({ url = "", token, projectId, fetch: send, retries = 2 }: ClientOptions = {}): Client {
  const own = { "x-assay": "1", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const address = url.replace(/\/+$/, "");
  return methodsOf(routes, async (path, init) => {
    const asked = { ...init, headers: { ...own, ...(init.headers as Record<string, string>) } };
    const place = address + (projectId === undefined ? path : inProject(path, projectId));
    const answer = await sendPatiently(() => (send ?? fetch)(place, asked), asked, retries);
    if (!answer.ok) throw new ProblemError(await problemOf(answer));
    return answer;
  });
}

function inProject(path: string, projectId: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}project_id=${encodeURIComponent(projectId)}`;
}
