import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Opened } from "../projects/session.ts";
import { testSession } from "../testing/test-session.ts";

let opened: Opened;
beforeAll(async () => {
  opened = await testSession();
});
afterAll(() => opened.close());

test("a process whose database was away when it first listened hears of everything once it is back", async () => {
  const from = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const code = `
    import { openDatabase } from ${from("./database.ts")};
    import { notify } from ${from("./events.ts")};
    import { listen } from ${from("./listener.ts")};
    import { ensureServer } from ${from("./server.ts")};
    const there = process.env.DATABASE_URL;
    process.env.DATABASE_URL = "postgresql://nobody@127.0.0.1:1/none";
    await listen(() => {}).catch(({ name }) => console.log(name));
    process.env.DATABASE_URL = there;
    const { promise, resolve } = Promise.withResolvers();
    const ignore = await listen(resolve);
    const db = openDatabase(await ensureServer());
    await notify(db, "project", "subject");
    console.log((await promise).subject);
    await Promise.all([ignore(), db.destroy()]);`;
  const flags = ["--conditions=assay-source", "--input-type=module", "-e", code];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env: process.env });
  expect(stdout.split("\n")).toEqual(["StoreError", "subject", ""]);
});
