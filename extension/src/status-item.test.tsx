// What the status bar's item counts, however it was drawn, told or refused.
import { MessageLoop } from "@lumino/messaging";
import { Panel, Widget } from "@lumino/widgets";
import type { Event as Told } from "assay-lab/contract";
import { act } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live } from "./live";
import type { Surroundings } from "./panel";
import { Preferences } from "./preferences";
import { statusItem } from "./StatusItem";
import { type FakeService, fakeService, refuses } from "./testing/fake-service";

let open = 0;
let streams: ReadableStreamDefaultController<Uint8Array>[] = [];
let service: FakeService;
let live: Live;
let item: Widget;
let bar: Panel;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  [open, streams] = [0, []];
  service = Object.assign(
    fakeService(() => ({ items: Array.from({ length: open }), next_cursor: null })),
    { stream: async () => new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) }) },
  );
  live = new Live(service);
  const text = (words: string, count?: number) => words.replace("%1", String(count));
  const trans = { __: text, _n: (one: string, many: string, count: number) => text(count === 1 ? one : many, count) };
  item = statusItem({ api: service, live, commands: {}, preferences: new Preferences(), trans } as unknown as Surroundings);
  bar = new Panel();
  bar.addWidget(item);
});
afterEach(async () => {
  await act(async () => bar.dispose());
  live.dispose();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
const attach = () => act(async () => Widget.attach(bar, document.body));
const says = () => item.node.textContent;
const tell = (text: string) => act(async () => streams.at(-1)!.enqueue(new TextEncoder().encode(text)));
const queued = `id: 7\nevent: job\ndata: ${JSON.stringify({ kind: "job", job_id: "j", job_status: "queued" })}\n\n`;

test("it counts what runs, drawn in a bar that has no place yet", async () => {
  open = 2;
  await act(async () => MessageLoop.sendMessage(item, Widget.Msg.UpdateRequest));
  expect(says()).toBe("Assay");
  await attach();
  await pass(0);
  expect(says()).toBe("Assay: 2 jobs");
});

test("it counts a job that was queued after the first answer and before the stream was there", async () => {
  const begin = vi.fn();
  const opened = service.stream;
  service.stream = (...given) => new Promise((resolve) => begin.mockImplementation(() => resolve(opened(...given))));
  await attach();
  await pass(0);
  expect(says()).toBe("Assay");
  open = 1;
  begin();
  await pass(0);
  expect(says()).toBe("Assay: 1 job");
});

test("it counts a job of which it was told while the service refused to answer", async () => {
  await attach();
  await pass(0);
  open = 1;
  const { answer } = service;
  service.answer = () => {
    throw refuses(503, "the service is overloaded: try again in 2 s", "store");
  };
  await tell(queued);
  await pass(300);
  expect(says()).toBe("Assay");
  service.answer = answer;
  await pass(2000);
  expect(says()).toBe("Assay: 1 job");
});

test("it counts a job of which another listener threw", async () => {
  const said = vi.spyOn(console, "error").mockReturnValue();
  live.listen(() => {
    throw new Error("a panel's own fault");
  });
  const heard: Told[] = [];
  await attach();
  await pass(0);
  live.listen((event) => heard.push(event));
  open = 1;
  await tell(queued);
  await pass(300);
  expect([says(), heard.length, said.mock.calls.length]).toEqual(["Assay: 1 job", 1, 1]);
});

test("it counts again after it was hidden in a narrow window", async () => {
  await attach();
  await pass(0);
  await act(async () => item.hide());
  open = 3;
  await tell(queued);
  await pass(1000);
  await act(async () => item.show());
  await pass(0);
  expect(says()).toBe("Assay: 3 jobs");
});

test("a page that is hidden does not ask again after a refusal, until it is seen", async () => {
  service.answer = () => {
    throw refuses(503, "the service is overloaded: try again in 2 s", "store");
  };
  await attach();
  await pass(0);
  const page = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  const { length } = service.asked;
  await pass(300_000);
  expect(service.asked.length).toBe(length);
  page.mockReturnValue("visible");
  await act(async () => void document.dispatchEvent(new Event("visibilitychange")));
  expect(service.asked.length).toBeGreaterThan(length);
});
