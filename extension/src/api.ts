import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import type { Problem } from "assay-lab/contract";

/** What the service answered instead of a result, or that it did not answer. */
export class ServiceError extends Error {
  /** HTTP status, 0 when nothing answered. */
  readonly status: number;
  readonly problem: Problem | null;

  constructor(message: string, status: number, problem: Problem | null = null) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.problem = problem;
  }

  /** Whether the service itself is away, so that asking again may help. */
  get away(): boolean {
    return this.status === 0 || (this.status >= 500 && this.problem === null);
  }
}

/** Whether nobody answered, so that asking again may help. */
export function isAway(error: unknown): boolean {
  return error instanceof ServiceError && error.away;
}

/** Whether it is not the caller's fault: the service is away, has too much to do, or has failed by itself, so that asking again may help. */
export function isPassing(error: unknown): boolean {
  return error instanceof ServiceError && (isAway(error) || passing.has(error.status) || error.status >= 500);
}

/** Took too long, too early, too many. */
const passing = new Set([408, 425, 429]);

/** Values of a query; undefined ones are left out. */
type Query = Record<string, string | number | undefined>;

/** Requests to Assay's service through the Jupyter server. */
export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, query?: Query): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  remove<T>(path: string, query?: Query): Promise<T>;
  /** Sends a file as multipart; `onProgress` is told the share sent, 0 to 1. */
  upload<T>(path: string, form: FormData, onProgress: (share: number) => void): Promise<T>;
  /** Saves what a route answers as a file of the user; with a body it is posted. */
  download(path: string, fileName: string, query?: Query, body?: unknown): Promise<void>;
  /** What a route answers, as bytes. */
  blob(path: string): Promise<Blob>;
  /** A file of the Jupyter server's, by its path below the server's root. */
  file(path: string): Promise<File>;
  /** The whole address of a route, as other programs call it. */
  address(path: string): string;
  /** Opens a stream of server-sent events. */
  stream(path: string, lastId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** A service elsewhere, which is asked in place of the Jupyter server's own. */
interface RemotePlace {
  /** Its address without `/api`; empty for the Jupyter server's. */
  url: string;
  /** Its token, as POST /api/auth/tokens makes it. */
  token: string;
}

const service = "assay";
/** The proxy does not check the origin of a request; the service does, by this header, which no foreign page can send. */
const own = { "X-Assay": "1" };

/** Makes the requests of one Jupyter server's service, or of the one elsewhere that `place` names; the first waits for `ready`. */
export function serviceApi(
  settings: ServerConnection.ISettings,
  place: () => RemotePlace = () => ({ url: "", token: "" }),
  ready: Promise<unknown> = Promise.resolve(),
): Api {
  const address = (path: string, query: Query = {}) => {
    const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
    const search = new URLSearchParams(given).toString();
    const base = place().url || URLExt.join(settings.baseUrl, service);
    return URLExt.join(base, path) + (search && `?${search}`);
  };
  const send = async (path: string, init: RequestInit, query?: Query): Promise<Response> => {
    await ready;
    const { url, token } = place();
    const headers = { ...own, ...(init.headers as Record<string, string>) };
    let response: Response;
    try {
      // the Jupyter server's token and cookies are for the Jupyter server alone
      response = await (url
        ? fetch(address(path, query), { ...init, headers: { ...headers, ...bearer(token) }, credentials: "omit" })
        : ServerConnection.makeRequest(address(path, query), { ...init, headers }, settings));
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ServiceError("the service of Assay does not answer", 0);
    }
    if (!response.ok) throw refusal(response.status, await response.text());
    return response;
  };
  const json = async <T>(path: string, init: RequestInit, query?: Query): Promise<T> => (await send(path, init, query)).json();

  return {
    get: (path, query, signal) => json(path, signal ? { signal } : {}, query),
    post: (path, body = {}, query = {}) => json(path, jsonPost(body), query),
    put: (path, body) => json(path, { ...jsonPost(body), method: "PUT" }),
    patch: (path, body) => json(path, { ...jsonPost(body), method: "PATCH" }),
    remove: (path, query = {}) => json(path, { method: "DELETE" }, query),
    upload(path, form, onProgress) {
      const { url, token } = place();
      return sendFile(address(path), form, url ? bearer(token) : jupyterHeaders(settings.token), onProgress);
    },
    async download(path, fileName, query = {}, body) {
      const init = body === undefined ? {} : jsonPost(body);
      const url = URL.createObjectURL(await (await send(path, init, query)).blob());
      const link = Object.assign(document.createElement("a"), { href: url, download: fileName });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
    blob: async (path) => (await send(path, {})).blob(),
    async file(path) {
      const place = URLExt.join(settings.baseUrl, "files", ...path.split("/").map(encodeURIComponent));
      const response = await ServerConnection.makeRequest(place, {}, settings);
      if (!response.ok) throw new ServiceError(`the server answered ${response.status} to ${path}`, response.status);
      return new File([await response.blob()], path.split("/").pop() ?? path);
    },
    address: (path) => new URL(address(path), location.href).href,
    async stream(path, lastId, signal) {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (lastId !== null) headers["Last-Event-ID"] = lastId;
      const response = await send(path, { headers, signal, cache: "no-store" });
      if (!response.body) throw new ServiceError("the service of Assay sent no stream", 0);
      return response.body;
    },
  };
}

function bearer(token: string): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function jupyterHeaders(token: string): Record<string, string> {
  const xsrf = /(?:^|; )_xsrf=([^;]+)/.exec(document.cookie)?.[1];
  return { ...(token ? { Authorization: `token ${token}` } : {}), ...(xsrf ? { "X-XSRFToken": xsrf } : {}) };
}

function jsonPost(body: unknown): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** The error of a refused request: the service's problem, or what a proxy wrote in its place. */
function refusal(status: number, text: string): ServiceError {
  const problem = parseProblem(text);
  if (problem) return new ServiceError(problem.detail, status, problem);
  return new ServiceError(status >= 500 ? "the service of Assay does not answer" : `the server answered ${status}`, status);
}

function parseProblem(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "detail" in value ? (value as Problem) : null;
  } catch {
    return null;
  }
}

/** `fetch` tells nothing of an upload's progress; XMLHttpRequest does. */
function sendFile<T>(
  url: string,
  form: FormData,
  headers: Record<string, string>,
  onProgress: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries({ ...own, ...headers })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ServiceError("the service of Assay does not answer", 0));
    request.onload = () =>
      request.status < 300
        ? resolve(JSON.parse(request.responseText) as T)
        : reject(refusal(request.status, request.responseText));
    request.send(form);
  });
}
