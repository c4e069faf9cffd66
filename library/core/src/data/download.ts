import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { DataError, LimitError, NotFoundError, ParamsError } from "../base/errors.ts";
import { nodeModule } from "../base/node-module.ts";
import { isPublicAddress, publicLookup, refusal } from "./public-address.ts";

/** Bounds of a download. */
export interface DownloadOptions {
  /** Bytes at most; default 1 GiB. */
  readonly limitBytes?: number | undefined;
  /** Time at most, from the first look-up to the last byte; default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Whether addresses of this machine and of private networks are taken too; default false. */
  readonly allowPrivate?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const mostRedirects = 5;
const defaultLimitBytes = 2 ** 30;

/**
 * The bytes behind an http or https address. Every address on the way, redirects included, must be public (see `isPublicAddress`), is
 * connected to as it was checked, and carries no user name; https is never left for http.
 * Throws ParamsError for another scheme, PermissionError for an address inside, LimitError beyond a bound, NotFoundError for 404 and 410,
 * DataError for any other answer than 200.
 */
export async function download(who: string, address: URL, options: DownloadOptions = {}): Promise<Uint8Array> {
  const late = AbortSignal.timeout(options.timeoutMs ?? 60_000);
  const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
  try {
    let url = address;
    for (let redirects = 0; ; redirects++) {
      const answer = await request(who, url, options.allowPrivate ?? false, signal);
      const next = redirectOf(answer, url);
      if (!next) return await body(who, url, answer, options.limitBytes ?? defaultLimitBytes, signal);
      answer.destroy();
      if (redirects === mostRedirects)
        throw new DataError(`${who}: ${shown(address)} redirects more than ${mostRedirects} times`);
      if (url.protocol === "https:" && next.protocol === "http:")
        throw new DataError(`${who}: ${shown(url)} redirects from https to http`);
      url = next;
    }
  } catch (cause) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (late.aborted)
      throw new LimitError(`${who}: ${shown(address)} took longer than ${options.timeoutMs ?? 60_000} ms`, { cause });
    if (cause instanceof Error && /^(Data|Limit|NotFound|Params|Permission)Error$/.test(cause.name)) throw cause;
    throw new DataError(`${who}: cannot read ${shown(address)}: ${(cause as Error).message}`, { cause });
  }
}

async function request(who: string, url: URL, allowPrivate: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new ParamsError(`${who}: an address must begin with https:// or http://, got ${url.protocol}//`);
  if (url.username || url.password) throw new ParamsError(`${who}: an address must not carry a user name or password`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && nodeModule("node:net").isIP(host) && !isPublicAddress(host)) throw refusal(who, url.host, host);
  const { request: send } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions = { signal, agent: false, headers: { accept: "*/*", "user-agent": "assay" } };
  if (!allowPrivate) options.lookup = await publicLookup(who);
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = send(url, options, resolve);
    sent.on("error", reject);
    sent.end();
  });
}

function redirectOf(answer: IncomingMessage, from: URL): URL | undefined {
  const { location } = answer.headers;
  return [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) && location ? new URL(location, from) : undefined;
}

async function body(who: string, url: URL, answer: IncomingMessage, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const { statusCode } = answer;
  if (statusCode !== 200) {
    answer.destroy();
    const message = `${who}: ${shown(url)} answers ${statusCode}`;
    throw statusCode === 404 || statusCode === 410 ? new NotFoundError(message) : new DataError(message);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  const tooLarge = (bytes: number): LimitError => {
    answer.destroy();
    return new LimitError(`${who}: ${shown(url)} must have at most ${limit} bytes, got ${bytes}`);
  };
  const stated = Number(answer.headers["content-length"] ?? 0);
  if (stated > limit) throw tooLarge(stated);
  for await (const part of answer) {
    signal.throwIfAborted();
    size += (part as Uint8Array).length;
    if (size > limit) throw tooLarge(size);
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts, size);
}

/** An address as messages show it: without its query, where keys may stand. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
