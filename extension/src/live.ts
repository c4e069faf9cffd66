import { type ISignal, Signal } from "@lumino/signaling";
import type { Event } from "assay-lab/contract";
import { type Api, ServiceError } from "./api";

/** State of the shared stream. */
export type LiveState = "idle" | "connecting" | "live" | "away";

/**
 * One stream of events for every panel: open while somebody listens and the page is seen, resumed from the last event after a
 * break. Waits 1, 2, 4 … 15 seconds between attempts.
 */
export class Live {
  private readonly api: Api;
  private readonly listeners = new Set<(event: Event) => void>();
  private readonly changed = new Signal<this, LiveState>(this);
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

  /** Calls `listener` for each event until the returned function is called. */
  listen(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    this.follow();
    return () => {
      this.listeners.delete(listener);
      this.follow();
    };
  }

  /** Ends a wait between two attempts. */
  retry(): void {
    this.wake?.();
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
    for (let attempt = 0; !signal.aborted; attempt++) {
      if (this.state !== "away") this.become("connecting");
      try {
        const body = await this.api.stream("api/ml/events", this.lastId, signal);
        this.become("live");
        attempt = 0;
        for await (const message of messages(body)) this.tell(message);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServiceError) || !error.away) console.warn("assay: the event stream broke off", error);
      }
      if (signal.aborted) return;
      this.become("away");
      await this.pause(Math.min(15_000, 1000 * 2 ** attempt), signal);
    }
  }

  private tell({ id, data }: Message): void {
    if (id) this.lastId = id;
    const event = JSON.parse(data) as Event;
    for (const listener of [...this.listeners]) listener(event);
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

  private become(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.changed.emit(state);
  }
}

interface Message {
  id: string | null;
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
        const data = field("data").join("\n");
        if (data) yield { id: field("id")[0] ?? null, data };
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
