import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase, transaction } from "./database.ts";
import { isHomeOfAnother } from "./home.ts";
import { ensureServer, holdServer, type Server, stopServer } from "./server.ts";
import { openStore } from "./store.ts";

let home: string;
let url: string | undefined;
beforeEach(() => {
  url = process.env["DATABASE_URL"];
  delete process.env["DATABASE_URL"];
  home = mkdtempSync(join(tmpdir(), "assay-server-"));
  chmodSync(home, 0o755);
});
afterEach(async () => {
  await stopServer(home).catch(() => {});
  rmSync(home, { recursive: true, force: true });
  if (url !== undefined) process.env["DATABASE_URL"] = url;
});

const postmaster = (): number => Number(readFileSync(join(home, "pg18/data/postmaster.pid"), "utf8").split("\n")[0]);
async function ask(server: Server, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client(server.connection);
  client.on("error", () => {});
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

test("five processes at once on a fresh home share one server", async () => {
  const code = `import { ensureServer } from ${JSON.stringify(new URL("./server.ts", import.meta.url).href)}; const { how } = await ensureServer(${JSON.stringify(home)}); console.log(how); process.exit(0);`;
  const starts = Array.from({ length: 5 }, () => {
    const child = spawn(process.execPath, ["--conditions=assay-source", "--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, DATABASE_URL: "" },
    });
    return new Promise<number | null>((resolve) => child.on("exit", resolve));
  });
  expect(await Promise.all(starts)).toEqual([0, 0, 0, 0, 0]);
  expect((await ensureServer(home)).how).toBe("running");
});

test("a killed server comes back with every row that was acknowledged", async () => {
  const server = await ensureServer(home);
  await ask(server, "create table kept (n integer)");
  const db = openDatabase(server);
  let acknowledged = 0;
  const writing = (async () => {
    for (; acknowledged < 400; acknowledged++)
      await transaction(db, (work) =>
        work
          .insertInto("kept" as never)
          .values({ n: acknowledged } as never)
          .execute(),
      );
  })();
  while (acknowledged < 100) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill(postmaster(), "SIGKILL");
  await writing;
  const { rows } = await ask(server, "select count(distinct n)::int as n from kept");
  expect(rows[0].n).toBe(400);
  await db.destroy();
});

test("a stale postmaster.pid of another program's process does not keep the server from starting", async () => {
  await ensureServer(home);
  await stopServer(home);
  const other = spawn(
    "sleep",
    ["600"],
    process.getuid?.() === 0 ? { uid: Number(execFileSync("stat", ["-c", "%u", join(home, "pg18/data")])) } : {},
  );
  writeFileSync(join(home, "pg18/data/postmaster.pid"), `${other.pid}\n${join(home, "pg18/data")}\n`);
  expect((await ensureServer(home)).how).toBe("started");
  other.kill();
});

test("a home is another's where its folder belongs to another user", () => {
  const own = process.getuid!();
  expect([own, own + 1].map((uid) => isHomeOfAnother(home, uid))).toEqual([false, true]);
});

test("who had a server makes none anew where its folder was removed", async () => {
  const db = openDatabase(await ensureServer(home));
  await stopServer(home);
  rmSync(home, { recursive: true, force: true });
  await expect(db.selectFrom("users").select("id").execute()).rejects.toThrow(
    `database: ${join(home, "pg18")} was removed while it was used`,
  );
  expect(existsSync(home)).toBe(false);
  await db.destroy();
});

test("a worker whose home is removed says so and ends", async () => {
  const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
  const worker = spawn(process.execPath, ["--conditions=assay-source", main, "worker"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ASSAY_HOME: home, LOG_FORMAT: "json", LOG_LEVEL: "info", LOG_FILE: "" },
  });
  let said = "";
  const ready = new Promise<void>((resolve) => {
    worker.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("is ready")) resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => worker.once("close", resolve));
  await Promise.race([ready, ended]);
  const elsewhere = `${home}-removed`; // its server lives on, as one does for a while whose folder is deleted
  renameSync(home, elsewhere);
  try {
    expect([await ended, said.trim().split("\n").at(-1), existsSync(home)]).toEqual([
      1,
      expect.stringMatching(/^assay: database: .*pg18 was removed while it was used/),
      false,
    ]);
  } finally {
    await stopServer(elsewhere);
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test("the last one out stops the server, not one before", async () => {
  const server = await ensureServer(home);
  const [first, second] = [await holdServer(server), await holdServer(server)];
  expect(await first()).toBe("in use");
  expect(await second()).toBe("stopped");
});

test("a database that does not answer is named", async () => {
  process.env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none";
  await expect(ensureServer(home)).rejects.toThrow("database: DATABASE_URL does not answer");
  delete process.env["DATABASE_URL"];
});

test("a thousand at once who ask whether a database answers are told by one connection", async () => {
  const { connection } = await ensureServer(home);
  process.env["DATABASE_URL"] = `postgresql://assay@localhost:5432/postgres?host=${encodeURIComponent(connection.host!)}`;
  const told = await Promise.all(Array.from({ length: 1000 }, () => ensureServer(home)));
  delete process.env["DATABASE_URL"];
  expect(new Set(told.map(({ how }) => how))).toEqual(new Set(["external"]));
});

test("a full disk is said with its remedy, and nothing is left half written", async ({ skip }) => {
  const small = join(home, "small");
  execFileSync("mkdir", [small]);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small], { stdio: "ignore" });
  } catch {
    skip("this user may not mount a file system");
  }
  try {
    const store = openStore(small);
    await expect(store.write("datasets/big", new Uint8Array(1_000_000))).rejects.toThrow(
      `store: the disk of ${small} is full: free space and try again; nothing was changed`,
    );
    await store.write("datasets/small", new Uint8Array(100));
    expect(execFileSync("find", [small, "-type", "f"]).toString().trim().split("\n")).toEqual([join(small, "datasets/small")]);
  } finally {
    execFileSync("umount", [small]);
  }
});

test("a stored file's name cannot lead out of the store", async () => {
  await expect(openStore(home).write("../outside", new Uint8Array(1))).rejects.toThrow("is no name of a stored file");
});
