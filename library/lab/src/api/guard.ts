import { createHash, timingSafeEqual } from "node:crypto";
import { AuthError, PermissionError } from "assay";
import type { FastifyRequest } from "fastify";

/** Who may call: whoever the unix socket lets in (the Jupyter server checked them), or who holds the token. */
export interface GuardOptions {
  /** Needed on TCP. */
  readonly token: string | undefined;
}

const open = new Set(["/health", "/ready"]);

/**
 * Refuses a request that no page of ours sent. A browser sends cookies along with a foreign page's request, and the Jupyter proxy does
 * not check for us: a request that changes something needs a header of its own, which a foreign page cannot set, and an Origin, where
 * there is one, must be the Host's.
 */
export function guard({ token }: GuardOptions) {
  const wanted = token === undefined ? undefined : digest(token);
  return async (request: FastifyRequest): Promise<void> => {
    if (wanted && !open.has(request.url.split("?")[0]!)) {
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
      if (given === undefined) throw new AuthError("needs the header Authorization: Bearer with the token");
      if (!timingSafeEqual(digest(given), wanted)) throw new AuthError("the token is wrong");
    }
    const { origin } = request.headers;
    if (origin !== undefined && !sameHost(origin, request))
      throw new PermissionError(`requests from ${origin.slice(0, 100)} are not allowed`);
    if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
    if (request.headers["x-assay"] === undefined)
      throw new PermissionError("a request that changes something needs the header X-Assay: 1");
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Whether an Origin is the host that was asked; behind a proxy, the host that the proxy was asked. */
function sameHost(origin: string, { headers }: FastifyRequest): boolean {
  try {
    const { host } = new URL(origin);
    return [headers["x-forwarded-host"], headers.host].flat().includes(host);
  } catch {
    return false;
  }
}
