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

/** Values of a query; undefined ones are left out. */
export type Query = Record<string, string | number | undefined>;

/** Requests to Assay's service through the Jupyter server. */
export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, query?: Query): Promise<T>;
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
  /** Opens a stream of server-sent events. */
  stream(path: string, lastId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const service = "assay";
/** The proxy does not check the origin of a request; the service does, by this header, which no foreign page can send. */
const own = { "X-Assay": "1" };

/** Makes the requests of one Jupyter server. */
export function serviceApi(settings: ServerConnection.ISettings): Api {
  const address = (path: string, query: Query = {}) => {
    const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
    const search = new URLSearchParams(given).toString();
    return URLExt.join(settings.baseUrl, service, path) + (search && `?${search}`);
  };
  const send = async (path: string, init: RequestInit, query?: Query): Promise<Response> => {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        address(path, query),
        { ...init, headers: { ...own, ...(init.headers as Record<string, string>) } },
        settings,
      );
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
    patch: (path, body) =>
      json(path, { method: "PATCH", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    remove: (path, query = {}) => json(path, { method: "DELETE" }, query),
    upload: (path, form, onProgress) => sendFile(address(path), form, settings.token, onProgress),
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
    async stream(path, lastId, signal) {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (lastId !== null) headers["Last-Event-ID"] = lastId;
      const response = await send(path, { headers, signal, cache: "no-store" });
      if (!response.body) throw new ServiceError("the service of Assay sent no stream", 0);
      return response.body;
    },
  };
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
function sendFile<T>(url: string, form: FormData, token: string, onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(own)) request.setRequestHeader(name, value);
    if (token) request.setRequestHeader("Authorization", `token ${token}`);
    const xsrf = /(?:^|; )_xsrf=([^;]+)/.exec(document.cookie)?.[1];
    if (xsrf) request.setRequestHeader("X-XSRFToken", xsrf);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ServiceError("the service of Assay does not answer", 0));
    request.onload = () =>
      request.status < 300
        ? resolve(JSON.parse(request.responseText) as T)
        : reject(refusal(request.status, request.responseText));
    request.send(form);
  });
}
