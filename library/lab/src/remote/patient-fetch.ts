import { setImmediate as turn } from "node:timers/promises";
import { StoreError } from "assay";
import { wait } from "../client/wait.ts";

const firstRestMs = 200;
const longestRestMs = 5000;
const sameTwice = new Set(["GET", "HEAD", "PUT"]);
/** A request that met one of these never arrived. */
const neverArrived = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
/** What stands before a service answers in its place while it is away. */
const away = new Set([502, 503, 504]);
/** Says that a request did not come whole: nothing was done for it (RFC 9110 section 15.5.9). */
const cameTooLate = 408;

/** How long a service that is away is waited for. */
export interface Patience {
  readonly patienceMs?: number;
}

/**
 * `fetch` that bears with a service which is away for a while, as in a restart: a request that never arrived whole, or does the same when it comes
 * twice (by its method, or by an `idempotency-key`), is sent again after 0.2 s, then twice as long each time, 5 s at most. A service that has not
 * answered once is not waited for. No request goes by a connection that the service closed while the caller computed. Throws StoreError when the
 * patience (default 60 s) is at its end.
 */
export function patientFetch(address: string, { patienceMs = 60_000 }: Patience = {}) {
  let wasThere = false;
  return async (url: string, init: RequestInit): Promise<Response> => {
    const until = performance.now() + patienceMs;
    for (let restMs = firstRestMs; ; restMs = Math.min(2 * restMs, longestRestMs)) {
      await turn(); // what closed while the event loop stood still is heard of
      const answer = await fetch(url, init).catch((error: Error) => error);
      const hasTime = wasThere && performance.now() + restMs < until;
      if (answer instanceof Response) {
        wasThere = true;
        const tellsWhen = answer.headers.has("retry-after"); // the client keeps to it
        const isSafe = answer.status === cameTooLate || (away.has(answer.status) && isSameTwice(init));
        if (!hasTime || tellsWhen || !isSafe) return answer;
        await answer.body?.cancel();
      } else {
        if (init.signal?.aborted) throw answer;
        const code = codeOf(answer);
        if (!hasTime || !(neverArrived.has(code) || isSameTwice(init))) throw unreached(address, code, wasThere, answer);
      }
      await wait(restMs, init.signal);
    }
  };
}

function isSameTwice({ method = "GET", headers }: RequestInit): boolean {
  return sameTwice.has(method) || new Headers(headers).has("idempotency-key");
}

function codeOf({ cause, message }: Error): string {
  const { code } = (cause ?? {}) as { readonly code?: string };
  return code ?? (cause instanceof Error ? cause.message : message);
}

function unreached(address: string, code: string, wasThere: boolean, cause: Error): StoreError {
  const remedy = wasThere ? "it was there before: is it restarting?" : "start it by `assay serve`, or mend url (ASSAY_URL)";
  return new StoreError(`lab: the service at ${address} cannot be reached (${code}); ${remedy}`, { cause });
}
