import { wait } from "./wait.ts";

/** Milliseconds that a client waits at most because the service asks it to; a longer wait is the caller's to decide. */
const patienceMs = 60_000;
const idempotent = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/**
 * Sends a request, and again after `Retry-After` where the service answers 429 or 503 with it. Only requests that do the same when they come
 * twice (RFC 9110 section 9.2.2, or with an `idempotency-key`) are sent again; the last answer is given back, whatever it is.
 */
export async function sendPatiently(send: () => Promise<Response>, init: RequestInit, retries: number): Promise<Response> {
  const { method = "GET", headers, signal } = init;
  const repeatable = idempotent.has(method) || new Headers(headers).has("idempotency-key");
  for (let left = repeatable ? retries : 0; ; left--) {
    const answer = await send();
    const asked = left > 0 ? askedWait(answer) : undefined;
    if (asked === undefined || asked > patienceMs) return answer;
    await answer.body?.cancel();
    await wait(asked, signal);
  }
}

/** Milliseconds that the answer asks to wait before the next try: `Retry-After` is in seconds, or an instant. */
function askedWait({ status, headers }: Response): number | undefined {
  const after = headers.get("retry-after");
  if ((status !== 429 && status !== 503) || after === null) return undefined;
  const milliseconds = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(milliseconds, 0);
}
