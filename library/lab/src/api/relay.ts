import { chmodSync, rmSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from "node:http";
import { request as requestHttps } from "node:https";
import { AuthError, ParamsError, StoreError } from "assay";
import type { Problem } from "../contract/values.ts";
import { logger } from "../log.ts";
import { hubPass, type Pass } from "../remote/hub-pass.ts";
import { endWith } from "./ending.ts";
import { sameHost } from "./guard.ts";

/** Where requests go, and as whom. */
interface RelayOptions {
  /** Unix socket that the Jupyter server asks. */
  readonly socket: string;
  /** ASSAY_URL: a service elsewhere. */
  readonly url: string;
  /** ASSAY_TOKEN of this user there; else the hub's token is taken to the service for one. */
  readonly token?: string | undefined;
  readonly hubToken?: string | undefined;
}

/** Headers of a connection, and those by which another service would take the caller for somebody: none of them goes on. */
const ownHeaders = new Set(
  "host connection keep-alive proxy-authorization te trailer transfer-encoding upgrade cookie authorization origin referer".split(
    " ",
  ),
);

/**
 * Stands in for the service in a user's JupyterLab: hands each request to the team's service with this user's token, and keeps no data. The
 * browser never holds the token. Under a JupyterHub the token is had for the hub's own, anew before it expires or when it is refused.
 */
export async function relay({ socket, url, token, hubToken }: RelayOptions): Promise<void> {
  const target = targetOf(url);
  if (token === undefined && hubToken === undefined)
    throw new ParamsError("serve: ASSAY_URL needs ASSAY_TOKEN, or a JupyterHub's JUPYTERHUB_API_TOKEN");
  const pass = token === undefined ? hubPass(target, hubToken!) : { token: async () => token, refuse: () => {} };
  const log = logger("relay");
  const server = createServer((request, response) => {
    answer(request, response, target, pass).catch((error: Error) => {
      log.warn(error.message);
      refuse(response, error);
    });
  });
  rmSync(socket, { force: true }); // a killed predecessor leaves its socket
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  chmodSync(socket, 0o600);
  log.info(`listening on ${socket} for ${target.origin}`);
  endWith(
    async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    { ofJupyter: true },
  );
}

async function answer(request: IncomingMessage, response: ServerResponse, target: URL, pass: Pass): Promise<void> {
  const { origin } = request.headers;
  if (origin !== undefined && !sameHost(origin, request.headers))
    throw new AuthError(`requests from ${origin.slice(0, 100)} are not allowed`);
  const headers = { ...kept(request.headers), host: target.host, authorization: `Bearer ${await pass.token()}` };
  const send = target.protocol === "https:" ? requestHttps : requestHttp;
  const place = {
    protocol: target.protocol,
    hostname: target.hostname,
    port: target.port,
    path: request.url,
    method: request.method,
    headers,
  };
  await new Promise<void>((resolve, reject) => {
    const onward = send(place, (answered) => {
      if (answered.statusCode === 401) pass.refuse();
      response.writeHead(answered.statusCode ?? 502, kept(answered.headers));
      answered.pipe(response);
      answered.on("error", () => response.destroy());
      answered.on("close", resolve);
    });
    onward.on("error", (cause) => reject(new StoreError(`the service at ${target.origin} does not answer`, { cause })));
    response.on("close", () => onward.destroy()); // whoever asked has left: so do we
    request.pipe(onward);
  });
}

function kept(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name) && name !== "set-cookie"));
}

function refuse(response: ServerResponse, { name, message }: Error): void {
  if (response.headersSent) return void response.destroy();
  const status = name === "AuthError" ? 401 : 503;
  const type = status === 401 ? "auth" : "store";
  const problem: Problem = { type: `urn:assay:problem:${type}`, title: `${type} error`, status, detail: message };
  response.writeHead(status, { "content-type": "application/problem+json; charset=utf-8" }).end(JSON.stringify(problem));
}

function targetOf(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || !/^https?:$/.test(target.protocol) || target.username !== "")
    throw new ParamsError("ASSAY_URL: must be the address of a service, as https://assay.example.org, without a password in it");
  return target;
}
