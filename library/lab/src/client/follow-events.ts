import type { Event } from "../contract/events.ts";
import type { RequestOptions, StreamedEvent } from "./methods.ts";
import { isCallersFault } from "./problem-error.ts";
import { wait } from "./wait.ts";

/** How a stream is followed. */
export interface FollowOptions<T> {
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal;
  /** Id of the last event that is known. */
  readonly after?: string;
  /** Whether nothing comes behind an event. Without it a stream is followed until the signal. */
  readonly isLast?: (event: T) => boolean;
  /** Hears why the stream broke off, before it is opened again. */
  readonly onBreak?: (error: unknown) => void;
}

const firstRestMs = 500;
const longestRestMs = 15_000;

/**
 * Follows a stream of events through broken connections, each event once: a stream that breaks off is opened again behind the last event that
 * came, after 0.5 s, then twice as long each time, 15 s at most. Ends behind the event that `isLast`, or where such a stream closes without another event. Throws
 * ProblemError for what the service refuses.
 *
 * ```ts
 * for await (const { event } of followEvents((options) => client.events.run({ id }, options), { isLast: endsRun })) console.log(event);
 * ```
 */
export async function* followEvents<T>(
  open: (options: RequestOptions) => AsyncIterable<StreamedEvent<T>>,
  { signal, after, isLast, onBreak }: FollowOptions<T> = {},
): AsyncGenerator<StreamedEvent<T>> {
  let last = after;
  let restMs = firstRestMs;
  while (!signal?.aborted) {
    let came = false;
    try {
      for await (const streamed of open(optionsOf(signal, last))) {
        came = true;
        last = streamed.id || last;
        restMs = firstRestMs;
        yield streamed;
        if (isLast?.(streamed.event)) return;
      }
      if (isLast && !came) return;
    } catch (error) {
      if (signal?.aborted) return;
      if (isCallersFault(error)) throw error;
      onBreak?.(error);
    }
    await wait(restMs, signal).catch(() => undefined);
    restMs = Math.min(restMs * 2, longestRestMs);
  }
}

const ends = new Set(["completed", "failed", "cancelled"]);

/** Whether an event says that a run has ended: the last of the run's stream. */
export function endsRun(event: Event): boolean {
  return event.kind === "run" && ends.has(event.run_status);
}

/** Whether an event says that a job has ended: the last of the job's stream. */
export function endsJob(event: Event): boolean {
  return event.kind === "job" && ends.has(event.job_status);
}

function optionsOf(signal: AbortSignal | undefined, last: string | undefined): RequestOptions {
  return { ...(signal && { signal }), ...(last !== undefined && { headers: { "last-event-id": last } }) };
}
