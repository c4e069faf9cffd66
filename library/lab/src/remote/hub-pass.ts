import { AuthError } from "assay";
import type { Problem } from "../contract/values.ts";

/** So long before it expires a token is had anew. */
const earlyMs = 3_600_000;

/** A token that is good now. */
export interface Pass {
  token(): Promise<string>;
  /** Says that it was not. */
  refuse(): void;
}

/**
 * A user's token of a service, had for the one that a JupyterHub gave their server (JUPYTERHUB_API_TOKEN), anew before it expires or where it
 * was refused; several who ask at once share one. Throws AuthError where the hub does not know its token.
 */
export function hubPass(service: URL, hubToken: string): Pass {
  let held: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  const exchange = async (): Promise<string> => {
    const answered = await fetch(new URL("/api/auth/jupyterhub", service), {
      method: "POST",
      headers: { "content-type": "application/json", "x-assay": "1" },
      body: JSON.stringify({ hub_token: hubToken }),
      redirect: "error",
      signal: AbortSignal.timeout(20_000),
    });
    const body = (await answered.json()) as { token: string; expires_at: string } & Partial<Problem>;
    if (!answered.ok) throw new AuthError(body.detail ?? `the service answered ${answered.status}`);
    held = { token: body.token, until: Date.parse(body.expires_at) - earlyMs };
    return body.token;
  };
  return {
    async token() {
      if (held && Date.now() < held.until) return held.token;
      asking ??= exchange().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    refuse() {
      held = undefined;
    },
  };
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** A way to send requests that says who asks by a pass. */
export function fetchWithPass(send: Send, pass: Pass): Send {
  return async (url, init) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${await pass.token()}`);
    const answer = await send(url, { ...init, headers });
    if (answer.status === 401) pass.refuse();
    return answer;
  };
}
