import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Opened } from "../projects/session.ts";
import "../testing/test-kinds.ts";
import { testSession } from "../testing/test-session.ts";
import { nextFiring } from "./cron.ts";
import { changeSchedule, createSchedule, deleteSchedule, getSchedule, listJobs, listSchedules } from "./index.ts";
import { fireSchedules } from "./schedules.ts";

let opened: Opened;
const session = () => opened.session;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

/** No test meets its hour. */
const yearly = { cron: "0 3 1 1 *", timezone: "Europe/Berlin", kind: "test-echo", request: { value: 1 } };
const late = (id: string, interval: string) =>
  sql`update schedules set next_at = now() - ${interval}::interval where id = ${id}`.execute(session().db);
const jobsOf = async (id: string) =>
  (await listJobs(session(), { limit: 500 })).items.filter(({ schedule_id }) => schedule_id === id);

describe("a cron text", () => {
  test("is read in its time zone, also over the change of clocks", () => {
    const next = (after: string) => nextFiring("30 2 * * *", "Europe/Berlin", new Date(after)).toISOString();
    expect(next("2026-03-27T12:00:00Z")).toBe("2026-03-28T01:30:00.000Z");
    expect(next("2026-03-28T12:00:00Z")).toBe("2026-03-29T01:30:00.000Z"); // there is no half past two
    expect(next("2026-10-24T12:00:00Z")).toBe("2026-10-25T00:30:00.000Z"); // there are two, and it fires at the first
    expect(next("2026-10-25T00:30:00Z")).toBe("2026-10-26T01:30:00.000Z");
    expect(next("2026-10-26T12:00:00Z")).toBe("2026-10-27T01:30:00.000Z");
    expect(nextFiring("0 3 * * THU", "UTC", new Date("2026-11-21")).toISOString()).toBe("2026-11-26T03:00:00.000Z");
    expect(next("2026-07-01T12:00:00Z")).toBe("2026-07-02T00:30:00.000Z");
  });

  test.each([
    ["every monday", "UTC", 'cron "every monday" cannot be read'],
    ["61 * * * *", "UTC", 'cron "61 * * * *" cannot be read'],
    ["0 0 * *", "UTC", "must be five fields"],
    ["H 0 * * *", "UTC", "must be five fields"],
    ["0 0 * * *", "Berlin", 'no time zone "Berlin"'],
  ])("%s in %s is refused", (cron, zone, message) => {
    expect(() => nextFiring(cron, zone, new Date())).toThrow(message);
  });
});

describe("a schedule", () => {
  test("shows when it fires next, and is listed", async () => {
    const made = await createSchedule(session(), { name: "listed", ...yearly });
    expect(new Date(made.next_at!).getTime()).toBeGreaterThan(Date.now());
    expect((await listSchedules(session())).items.map(({ name }) => name)).toContain("listed");
    await expect(createSchedule(session(), { name: "listed", ...yearly })).rejects.toThrow('the name "listed" is taken');
  });

  test("that is due queues one job, however many look at once", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "many", ...yearly });
    await late(id, "1 second");
    await Promise.all(Array.from({ length: 6 }, () => fireSchedules(session())));
    expect((await jobsOf(id)).length).toBe(1);
    const after = await getSchedule(session(), id);
    expect(after.last_job_id).toBe((await jobsOf(id))[0]!.job_id);
    expect(new Date(after.next_at!).getTime()).toBeGreaterThan(Date.now());
  });

  test("that missed seven firings makes up for them by one job", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "missed", ...yearly });
    await late(id, "7 years");
    await fireSchedules(session());
    await fireSchedules(session());
    expect((await jobsOf(id)).length).toBe(1);
  });

  test("that is looked at by a worker whose clock is behind fires once all the same", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "skewed", ...yearly });
    await late(id, "1 second");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 2 * 366 * 86_400_000 }); // by that clock it is due again and again
    for (let look = 0; look < 3; look++) await fireSchedules(session()).finally(() => look === 2 && vi.useRealTimers());
    expect((await jobsOf(id)).length).toBe(1);
    await deleteSchedule(session(), id);
  });

  test("of which nobody can tell when it fires next is paused with the reason, and holds up no other", async () => {
    const { schedule_id: odd } = await createSchedule(session(), { name: "odd", ...yearly });
    const { schedule_id: even } = await createSchedule(session(), { name: "even", ...yearly });
    await sql`update schedules set timezone = 'Nowhere/Atall' where id = ${odd}`.execute(session().db);
    await late(odd, "2 seconds");
    await late(even, "1 second");
    await fireSchedules(session());
    expect((await jobsOf(even)).length).toBe(1);
    expect(await getSchedule(session(), odd)).toMatchObject({ paused: true, error: expect.stringContaining("Nowhere/Atall") });
  });

  test("that is paused fires no more, and goes on when it is resumed", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "paused", ...yearly });
    expect((await changeSchedule(session(), id, { paused: true })).next_at).toBeNull();
    await late(id, "1 hour");
    await fireSchedules(session());
    expect(await jobsOf(id)).toEqual([]);
    expect((await changeSchedule(session(), id, { paused: false })).next_at).not.toBeNull();
    expect(await fireSchedules(session())).toBe(0);
  });

  test("whose request is refused at its time says why, and stays", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "broken", ...yearly });
    await sql`update schedules set kind = 'test-sleep' where id = ${id}`.execute(session().db);
    await late(id, "1 second");
    await fireSchedules(session());
    expect((await getSchedule(session(), id)).error).toContain("test-sleep: ms:");
  });

  test("that is deleted leaves its jobs", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "deleted", ...yearly });
    await late(id, "1 second");
    await fireSchedules(session());
    const [job] = await jobsOf(id);
    await deleteSchedule(session(), id);
    await expect(getSchedule(session(), id)).rejects.toThrow("no schedule");
    expect((await listJobs(session(), { limit: 500 })).items.map(({ job_id }) => job_id)).toContain(job!.job_id);
  });

  test("is told when it is made, changed, fired and deleted", async () => {
    const { schedule_id: id } = await createSchedule(session(), { name: "told", ...yearly });
    await changeSchedule(session(), id, { cron: "0 4 1 1 *" });
    await late(id, "1 second");
    await fireSchedules(session());
    await deleteSchedule(session(), id);
    const told = await session().db.selectFrom("events").select("data").where("subject_id", "=", id).orderBy("id").execute();
    expect(told.map(({ data }) => data)).toEqual(
      ["created", "changed", "fired", "deleted"].map((action) => ({ kind: "schedule", schedule_id: id, action })),
    );
  });

  test("of a request that its kind refuses is not made", async () => {
    await expect(createSchedule(session(), { name: "x", ...yearly, kind: "test-sleep" })).rejects.toThrow("test-sleep: ms:");
  });
});
