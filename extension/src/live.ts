import { type ISignal, Signal } from "@lumino/signaling";
import type { Event } from "assay-lab/contract";
import { type Api, isAway } from "./api";

/** State of the shared stream: away is the service that does not answer, not a stream that broke off and is taken up again. */
export type LiveState = "idle" | "connecting" | "live" | "away";

/**
 * One stream of events for every panel: open while somebody listens and the page is seen, resumed from the last event after a
 * break, or from where it began. Waits 1, 2, 4 … 15 seconds between attempts.
 */
export class Live {
  private readonly api: Api;
  private readonly listeners = new Set<(event: Event) => void>();
  private readonly changed = new Signal<this, LiveState>(this);
  private readonly changedAway = new Signal<this, boolean>(this);
  private readonly unanswered = new Set<() => void>();
  private toldAway = false;
  private lastId: string | null = null;
  private abort: AbortController | null = null;
  private wake: (() => void) | null = null;
  state: LiveState = "idle";

  constructor(api: Api) {
    this.api = api;
    document.addEventListener("visibilitychange", this.follow);
  }

  get stateChanged(): ISignal<this, LiveState> {
    return this.changed;
  }

  /** Whether the service does not answer: neither the stream, nor what a panel that is seen has asked. */
  get away(): boolean {
    return this.state === "away" || this.unanswered.size > 0;
  }

  get awayChanged(): ISignal<this, boolean> {
    return this.changedAway;
  }

  /** Says that a request was not answered, and what asks it again, until the returned function is called. */
  noteUnanswered(again: () => void): () => void {
    this.unanswered.add(again);
    this.tellAway();
    return () => {
      this.unanswered.delete(again);
      this.tellAway();
    };
  }

  /** Calls `listener` for each event until the returned function is called. */
  listen(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    this.follow();
    return () => {
      this.listeners.delete(listener);
      this.follow();
    };
  }

  /** Ends a wait between two attempts, and asks again what was not answered. */
  retry(): void {
    this.wake?.();
    for (const again of [...this.unanswered]) again();
  }

  dispose(): void {
    document.removeEventListener("visibilitychange", this.follow);
    this.listeners.clear();
    this.follow();
    Signal.clearData(this);
  }

  private readonly follow = (): void => {
    const wanted = this.listeners.size > 0 && document.visibilityState === "visible";
    if (wanted && !this.abort) {
      this.abort = new AbortController();
      void this.run(this.abort.signal);
    } else if (!wanted && this.abort) {
      this.abort.abort();
      this.abort = null;
      this.become("idle");
    }
  };

  private async run(signal: AbortSignal): Promise<void> {
    for (let failed = 0; !signal.aborted; failed++) {
      if (this.state !== "away") this.become("connecting");
      const body = await this.open(signal);
      if (body && !signal.aborted) {
        failed = 0;
        this.become("live");
        await this.hear(body, signal);
      }
      if (!signal.aborted) await this.pause(Math.min(15_000, 1000 * 2 ** failed), signal);
    }
  }

  /** The stream, or null where it was not to be had. */
  private async open(signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null> {
    try {
      return await this.api.stream("api/ml/events", this.lastId, signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (!isAway(error)) console.warn("assay: the service refused the stream of events", error);
      this.become(isAway(error) ? "away" : "connecting");
      return null;
    }
  }

  /** Tells what comes until the stream ends or breaks off. */
  private async hear(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    try {
      for await (const message of messages(body)) this.tell(message);
    } catch (error) {
      if (!signal.aborted) console.warn("assay: the stream of events broke off", error);
    }
  }

  /** Tells every listener; one that throws takes nothing from the others, nor from the stream. */
  private tell({ id, data }: Message): void {
    if (id) this.lastId = id;
    if (!data) return;
    const event = JSON.parse(data) as Event;
    for (const listener of [...this.listeners])
      try {
        listener(event);
      } catch (error) {
        console.error(`assay: a listener threw at an event of ${event.kind}`, error);
      }
  }

  private pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
      this.wake = done;
    });
  }

  private tellAway(): void {
    if (this.away === this.toldAway) return;
    this.toldAway = this.away;
    this.changedAway.emit(this.away);
  }

  private become(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.changed.emit(state);
    this.tellAway();
  }
}

interface Message {
  id: string | null;
  /** Empty where only the place of the stream is told. */
  data: string;
}

/** Cuts a body of server-sent events into messages; comments are heartbeats and dropped. */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const lines = block.split("\n");
        const field = (name: string) =>
          lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart());
        const message = { id: field("id")[0] ?? null, data: field("data").join("\n") };
        if (message.id || message.data) yield message;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
