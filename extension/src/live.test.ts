import type { Event as Told } from "assay-lab/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live, type LiveState } from "./live";
import { fakeService, nobodyAnswers, refuses } from "./testing/fake-service";

const told: Told[] = [];
const states: LiveState[] = [];
let streams: ReadableStreamDefaultController<Uint8Array>[] = [];
let asked: (string | null)[] = [];
let answer: () => unknown = () => undefined;
let live: Live;

beforeEach(() => {
  vi.useFakeTimers();
  for (const list of [told, states]) list.splice(0);
  [streams, asked, answer] = [[], [], () => undefined];
  const stream = async (_: string, lastId: string | null) => {
    asked.push(lastId);
    const given = answer();
    if (given instanceof Error) throw given;
    return new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) });
  };
  live = new Live({ ...fakeService(), stream });
  live.stateChanged.connect((_, state) => void states.push(state));
});
afterEach(() => {
  live.dispose();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const send = (text: string) => streams.at(-1)!.enqueue(new TextEncoder().encode(text));
const logLine = (id: number) => `id: ${id}\nevent: log\ndata: {"kind":"log","run_id":"r"}\n\n`;

test("one stream serves every listener, and ends with the last of them", async () => {
  const stops = [live.listen((event) => told.push(event)), live.listen((event) => told.push(event))];
  await pass(0);
  send(logLine(5));
  await pass(0);
  expect([asked.length, told.length, live.state]).toEqual([1, 2, "live"]);
  for (const stop of stops) stop();
  expect(live.state).toBe("idle");
});

test("a stream that broke off is taken up from the last event, and is not away", async () => {
  live.listen((event) => told.push(event));
  await pass(0);
  send(logLine(5));
  await pass(0);
  streams.at(-1)!.close();
  await pass(1000);
  expect(asked).toEqual([null, "5"]);
  expect(states).toEqual(["connecting", "live", "connecting", "live"]);
});

test("a stream that broke off before anything was told is taken up from where it began", async () => {
  live.listen((event) => told.push(event));
  await pass(0);
  send(": open\n\nid: 4\n\n");
  await pass(0);
  streams.at(-1)!.close();
  await pass(1000);
  expect([asked, told]).toEqual([[null, "4"], []]);
});

test("a listener that throws takes nothing from the others, nor from the stream", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  live.listen(() => {
    throw new Error("its own fault");
  });
  live.listen((event) => told.push(event));
  await pass(0);
  send(logLine(5) + logLine(6));
  await pass(0);
  expect([told.length, asked.length, live.state]).toEqual([2, 1, "live"]);
});

test("a service that does not answer is away, asked after 1, 2, 4, 8, 15, 15 s, and live when it is back", async () => {
  answer = nobodyAnswers;
  live.listen(() => {});
  await pass(0);
  for (const [k, seconds] of [1, 2, 4, 8, 15, 15].entries()) {
    await pass(1000 * seconds - 1);
    expect(asked.length).toBe(k + 1);
    await pass(1);
    expect(asked.length).toBe(k + 2);
  }
  expect(states).toEqual(["connecting", "away"]);
  answer = () => undefined;
  await pass(15_000);
  expect(live.state).toBe("live");
});

test("the reader need not wait for the next attempt", async () => {
  answer = nobodyAnswers;
  live.listen(() => {});
  await pass(0);
  answer = () => undefined;
  live.retry();
  await pass(0);
  expect(live.state).toBe("live");
});

test("a service that refuses the stream is there", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  answer = () => refuses(429, "events: 1000 streams are open", "rate");
  live.listen(() => {});
  await pass(3000);
  expect(states).not.toContain("away");
});

test("nothing is asked while the page is hidden, and again when it is seen", async () => {
  live.listen(() => {});
  await pass(0);
  const page = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(60_000);
  expect([asked.length, live.state]).toEqual([1, "idle"]);
  page.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect([asked.length, live.state]).toEqual([2, "live"]);
});

test("one that is disposed of hears the page no more", async () => {
  live.listen(() => {});
  await pass(0);
  live.dispose();
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(60_000);
  expect(asked.length).toBe(1);
});

test("a request that was not answered is away too, until it is asked again and answered", async () => {
  const away: boolean[] = [];
  live.awayChanged.connect((_, is) => void away.push(is));
  live.listen(() => {});
  await pass(0);
  const again = vi.fn();
  const forget = live.noteUnanswered(again);
  live.retry();
  expect([live.away, live.state, again.mock.calls.length]).toEqual([true, "live", 1]);
  forget();
  expect(away).toEqual([true, false]);
});
