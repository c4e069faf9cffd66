import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Opened } from "../../projects/session.ts";
import { testSession } from "../../testing/test-session.ts";
import { createSource } from "./create-source.ts";

let opened: Opened;
const folder = mkdtempSync(join(tmpdir(), "source-test-"));
const size = { users: 300, items: 60, interactions: 6000, until: new Date("2026-06-30T00:00:00Z") };

beforeAll(async () => {
  opened = await testSession();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await opened.close();
});

async function rows(query: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(opened.server.connection);
  await client.connect();
  const result = await client.query(query);
  await client.end();
  return result.rows;
}

test("a source is made whole, and the same rows come from the same seed", async () => {
  const made = await createSource(opened.server.connection, folder, size);
  expect(made).toMatchObject({ users: 300, items: 60 });
  const sums = "select sum(hashtext(r::text)) as n from travel.recommendations r";
  const before = await rows(sums);
  await expect(createSource(opened.server.connection, folder, size)).rejects.toThrow('the schema "travel" is there');
  await createSource(opened.server.connection, folder, { ...size, replace: true });
  expect(await rows(sums)).toEqual(before);
  await createSource(opened.server.connection, folder, { ...size, seed: 7, replace: true });
  expect(await rows(sums)).not.toEqual(before);
});

test("people book what is made for their taste more often", async () => {
  const [rate] = await rows(`select avg((clicked_at is not null)::int) as clicks, avg((booked_at is not null)::int) as bookings,
    avg((booked_at is not null)::int) filter (where abs(v.budget - i.budget) < 0.2) as near,
    avg((booked_at is not null)::int) filter (where abs(v.budget - i.budget) > 0.5) as far
    from travel.recommendations r join travel.user_vectors v using (user_id) join travel.item_vectors i using (item_id)`);
  expect(Number(rate!["bookings"])).toBeGreaterThan(0.05);
  expect(Number(rate!["bookings"])).toBeLessThan(0.2);
  expect(Number(rate!["near"])).toBeGreaterThan(Number(rate!["far"]));
});
