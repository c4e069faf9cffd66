import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Message } from "@bufbuild/protobuf";
import type { MessageJson, SparkChannel, Streamed } from "./channel.ts";
import { type Backoff, backoff } from "./retry.ts";
import { isTransient, isUnknownOperation } from "./spark-errors.ts";

/** A part of a plan's answer. */
interface PlanResponse extends Message {
  readonly responseId: string;
  readonly serverSideSessionId: string;
  readonly responseType: { readonly case?: string; readonly value?: unknown };
}

/** Who asks, as each request says it. */
interface Asking {
  readonly channel: SparkChannel;
  /** The fields of a request that name the session. */
  head(): MessageJson;
  /** How long a server may be away. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
}

const askMs = 30_000;
/** An abort does not wait longer for a server that may be away. */
const interruptMs = 2000;
/** A server ends its streams after two minutes: one that says nothing for longer is not there. */
const silenceMs = 180_000;
/** So long an interrupt waits for a plan to run; the server tells every two seconds how far it is. */
const plannedMs = 5000;

/**
 * Runs a plan and gives its answer part by part. A stream that breaks is taken up behind the last part that came, and one that the server ended
 * before the plan's end is continued; a request that never arrived is sent again, under the same id, so that nothing runs twice. What came is
 * released on the server. An abort interrupts the operation there, once it runs: within two seconds, or five where Spark plans for so long.
 * Throws gRPC's errors, and the signal's reason.
 */
export async function* executePlan(plan: MessageJson, asking: Asking): AsyncGenerator<PlanResponse> {
  const { channel, head, patienceMs, signal } = asking;
  signal?.throwIfAborted();
  const operationId = randomUUID();
  const waits: Backoff = backoff(patienceMs);
  const release = releaser(asking, operationId);
  let arrived = false;
  let last: string | undefined;
  let stream: Streamed | undefined;
  let isSilent = false;
  const watch = setTimeout(() => {
    isSilent = true;
    stream?.cancel();
  }, silenceMs);
  const begin = performance.now();
  const running = Promise.withResolvers<void>();
  // what interrupts a plan that is not yet made into jobs leaves those of an adaptive query running (Spark 4.3)
  const interrupt = async (): Promise<void> => {
    await Promise.race([running.promise, wait(Math.max(0, begin + plannedMs - performance.now()), undefined, { ref: false })]);
    const asked = channel.ask("Interrupt", { ...head(), interruptType: "INTERRUPT_TYPE_OPERATION_ID", operationId }, interruptMs);
    asked.catch(() => {}).finally(() => stream?.cancel()); // a server that cannot be told has lost the operation, or drops it
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    for (;;) {
      stream = arrived
        ? channel.stream("ReattachExecute", { ...head(), operationId, ...(last === undefined ? {} : { lastResponseId: last }) })
        : channel.stream("ExecutePlan", {
            ...{ ...head(), operationId, plan },
            requestOptions: [{ reattachOptions: { reattachable: true } }],
          });
      try {
        isSilent = false;
        for await (const message of stream) {
          watch.refresh();
          const response = message as PlanResponse;
          waits.reset();
          if (isRunning(response)) running.resolve();
          arrived = true;
          last = response.responseId;
          if (response.responseType.case === "resultComplete") return;
          release.until(last);
          yield response;
        }
        arrived = true; // the server ends streams that are long: there is more
      } catch (error) {
        signal?.throwIfAborted();
        const isLost: boolean = isUnknownOperation(error) && arrived && last === undefined;
        if (!isLost && !isSilent && !isTransient(error)) throw error;
        arrived = !isLost;
        await waits.next(error, signal);
        watch.refresh();
      }
    }
  } finally {
    clearTimeout(watch);
    running.resolve();
    signal?.removeEventListener("abort", interrupt);
    stream?.cancel();
    release.all();
  }
}

/** Whether a plan has become jobs. */
function isRunning({ responseType: { case: kind, value } }: PlanResponse): boolean {
  return kind === "executionProgress" && (value as { readonly stages: readonly unknown[] }).stages.length > 0;
}

/** Tells the server what it need not keep any longer, one word at a time; what is not heard, the server drops by itself. */
function releaser({ channel, head }: Asking, operationId: string) {
  let running: Promise<unknown> | undefined;
  let wanted: MessageJson | undefined;
  const tell = (): void => {
    if (running || !wanted) return;
    running = channel
      .ask("ReleaseExecute", { ...head(), operationId, ...wanted }, askMs)
      .catch(() => {})
      .finally(() => {
        running = undefined;
        tell();
      });
    wanted = undefined;
  };
  return {
    until(responseId: string): void {
      wanted = { releaseUntil: { responseId } };
      tell();
    },
    all(): void {
      wanted = { releaseAll: {} };
      tell();
    },
  };
}
