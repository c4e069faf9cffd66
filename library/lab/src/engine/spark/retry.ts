const firstMs = 50;
const factor = 4;
const longestMs = 8000;

/** Waits between attempts: each up to four times as long as the one before, half of it drawn, so that many clients do not come back as one. */
export interface Backoff {
  /** Waits until the next attempt. Throws what failed when patience is at its end, and an abort. */
  next(failed: unknown, signal?: AbortSignal): Promise<void>;
  /** Something came: the next wait is short again. */
  reset(): void;
}

/** Waits that end when nothing has come for `patienceMs`. */
export function backoff(patienceMs: number): Backoff {
  let longest = firstMs;
  let since: number | undefined;
  return {
    async next(failed, signal) {
      since ??= performance.now();
      const pause = longest * (0.5 + Math.random() / 2);
      longest = Math.min(longestMs, longest * factor);
      if (performance.now() + pause - since > patienceMs) throw failed;
      await wait(pause, signal);
    },
    reset() {
      longest = firstMs;
      since = undefined;
    },
  };
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
