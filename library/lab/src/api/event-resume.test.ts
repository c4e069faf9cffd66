import { get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { random } from "assay";
import { expect, test, vi } from "vitest";
import { transaction } from "../db/database.ts";
import { emit } from "../db/events.ts";
import { keepFigure } from "../testing/figures.ts";
import { testService } from "../testing/test-service.ts";
import { createRun, finishRun, logLines, logMetrics } from "../tracking/index.ts";
import { streamCount } from "./event-streams.ts";

const count = 1000;
let port: number;
const service = testService({}, async ({ app }) => {
  await app.listen({ host: "127.0.0.1", port: 0 });
  port = (app.server.address() as { port: number }).port;
});

interface Heard {
  readonly id: string;
  readonly data: ReturnType<typeof JSON.parse>;
}

/** Listens, hangs up after a random number of events, and comes back with the last id, until it has heard enough. */
async function listen(path: string, seed: number, first: string, enough: (heard: readonly Heard[]) => boolean): Promise<Heard[]> {
  const draw = random(seed, "disconnects");
  const heard: Heard[] = [];
  let last = first;
  for (const until = Date.now() + 240_000; !enough(heard) && Date.now() < until; ) {
    const most = heard.length + 1 + draw.int(150);
    await new Promise<void>((resolve) => {
      const request = get({ port, path, headers: { "last-event-id": last } }, (answer: IncomingMessage) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          const blocks = text.split("\n\n");
          text = blocks.pop()!;
          for (const block of blocks) {
            const [, id] = /^id: (\d+)$/m.exec(block) ?? [];
            const [, data] = /^data: (.*)$/m.exec(block) ?? [];
            if (id === undefined || heard.length >= most) continue;
            if (data !== undefined) heard.push({ id, data: JSON.parse(data) });
            last = id;
          }
          if (heard.length >= most || enough(heard)) request.destroy();
        });
        answer.on("close", resolve);
      });
      request.on("error", () => resolve());
      request.setTimeout(8000, () => request.destroy()); // what is lost does not come by waiting
    });
    await sleep(draw.int(20));
  }
  return heard;
}

test("a run's stream loses nothing and says nothing twice over random disconnects", async () => {
  const { session } = service;
  const id = await createRun(session, { experiment: "resume", status: "training" });
  const numbers = (heard: readonly Heard[], kind: string): number[] =>
    heard.flatMap(({ data }) =>
      data.kind !== kind
        ? []
        : kind === "log"
          ? [Number(data.line.message)]
          : data.points.map(({ step }: { step: number }) => step),
    );
  const all = (heard: readonly Heard[]) => numbers(heard, "log").length >= count && numbers(heard, "metrics").length >= count;
  const listeners = [1, 2, 3].map((seed) => listen(`/api/ml/experiments/${id}/events`, seed, "0", all));
  for (let k = 0; k < count; k += 4) {
    const four = [0, 1, 2, 3].map((j) => k + j);
    await Promise.all([
      logLines(
        session,
        id,
        four.map((n) => ({ level: "info" as const, message: String(n) })),
      ),
      logMetrics(
        session,
        id,
        four.map((step) => ({ name: "loss", step, value: step })),
      ),
    ]);
  }
  const expected = Array.from({ length: count }, (_, k) => k);
  for (const heard of await Promise.all(listeners)) {
    expect(numbers(heard, "log")).toEqual(expected);
    expect(numbers(heard, "metrics")).toEqual(expected);
  }
  keepFigure("a run's lines and points lost, doubled", `0, 0 of ${(2 * count).toLocaleString("en")} for each of 3 listeners`);
  await finishRun(session, id, "completed");
});

test("the project's stream loses nothing and says nothing twice while many write at once and listeners come and go", async () => {
  const { session } = service;
  const { db, projectId } = session;
  const last = (await db.selectNoFrom((eb) => eb.fn<string>("last_event_id", []).as("last")).executeTakeFirstOrThrow()).last;
  const all = (heard: readonly Heard[]) => heard.length >= count;
  const listeners = [4, 5, 6].map((seed) => listen("/api/ml/events", seed, last, all));
  const subjects = Array.from({ length: 8 }, (_, k) => `01981c3e-0000-7000-8000-00000000000${k}`);
  await Promise.all(
    subjects.map(async (subject, k) => {
      const draw = random(k, "writers");
      for (let n = 0; n < count / subjects.length; n++)
        await transaction(db, async (work) => {
          await emit(work, projectId, subject, {
            kind: "run",
            run_id: subject,
            run_status: "training",
            note: `${k}/${n}`,
          } as never);
          await sleep(draw.int(8)); // its id becomes visible behind later ones
        });
    }),
  );
  for (const heard of await Promise.all(listeners)) {
    const notes = heard.map(({ data }) => data.note as string);
    expect(new Set(notes).size).toBe(notes.length);
    expect(notes.length).toBe(count);
  }
  keepFigure(
    "a project's events lost, doubled",
    `0, 0 of ${count.toLocaleString("en")} for each of 3 listeners, 8 writers at once`,
  );
  await vi.waitFor(() => expect(streamCount()).toBe(0), { timeout: 100_000 });
});
