import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { ParamsError, StoreError } from "assay";
import { listen as listenToDatabase } from "../db/listener.ts";
import { homeless, isHomeless } from "../db/server.ts";
import { awayFrom, isHome, serveTransfers, transferSubject } from "../db/store-transfer.ts";
import { warmWorkouts } from "../flows/workout/index.ts";
import { logger } from "../log.ts";
import { numberSetting, wrongNumbers } from "../number-setting.ts";
import { sweepAlone } from "../operations/index.ts";
import { programFlags, programPath } from "../program.ts";
import { openSession, type Session } from "../projects/session.ts";
import { makeApp } from "./app.ts";
import { repeat } from "./chores.ts";
import { endWith } from "./ending.ts";
import { checkReach, reachOf, type ServeOptions } from "./reach.ts";
import { forgetSignIns, recoverAll } from "./recovery.ts";

/** Runs the HTTP service and its workers until it is ended: on a unix socket for whom the Jupyter server lets in, or on a port with sign-in. */
export async function serve(options: ServeOptions): Promise<void> {
  const reach = reachOf(options);
  const [wrong] = wrongNumbers(process.env);
  if (wrong !== undefined) throw new ParamsError(wrong); // now, not when the first worker or upload asks
  const workers = numberSetting("ASSAY_WORKERS") ?? 1;
  const log = logger("api");
  const { session, close } = await openSession({ connections: connectionsOf(availableParallelism()) });
  await checkReach(reach, session);
  const app = await makeApp(session, { ...reach.guard, logger: log });
  await recoverAll(session);
  if (!(await isHome(session.db))) log.warn(`${awayFrom(session.store)}; uploads and trainings wait for a process beside it`);
  const sweep = (): Promise<unknown> => Promise.all([sweepAlone(session), forgetSignIns(session)]);
  void sweep().catch((error) => log.warn(`retention: ${error.message}`));
  const { listen } = reach;
  if ("path" in listen) {
    rmSync(listen.path, { force: true }); // a killed predecessor leaves its socket
    await app.listen(listen);
    chmodSync(listen.path, 0o600);
  } else await app.listen(listen).catch((error) => refuseAddress(listen, error));
  void warmWorkouts(session).catch((error) => log.warn(`the first predictions of workouts will be slow: ${error.message}`));
  const chores = [
    repeat("work that was left under way", 10_000, () => recoverAll(session), log),
    repeat("retention", 3_600_000, sweep, log),
    repeat("files for other machines", 500, () => serveFiles(session), log),
  ];
  const ignoreFiles = await listenToDatabase((wake) => {
    if (wake?.subject === transferSubject) void serveFiles(session).catch(() => {}); // the chore tells what fails, and tries again
  });
  const stopWorkers = startWorker(workers, log);
  chores.push(repeat("home", 1000, async () => endWithoutHome(log), log));

  endWith(
    async () => {
      for (const end of chores) end();
      await Promise.all([app.close(), stopWorkers(), ignoreFiles()]);
      await close();
    },
    { ofJupyter: "path" in listen },
  );
}

/** Ends the process where the folder of its database was removed: what it holds is of nothing any more. */
function endWithoutHome(log: { warn(message: string): void }): void {
  if (!isHomeless()) return;
  log.warn(homeless());
  process.exit(1);
}

/** Says what is wrong with a place where nothing can listen. */
function refuseAddress(
  { host, port }: { readonly host: string; readonly port: number },
  error: Error & { code?: string },
): never {
  const why = { EADDRINUSE: "is taken by another program", EACCES: "may not be used by this user" }[error.code ?? ""];
  if (why) throw new StoreError(`serve: ${host}:${port} ${why}: name another by --port or ASSAY_PORT`, { cause: error });
  if (error.code !== "EADDRNOTAVAIL" && error.code !== "ENOTFOUND") throw error;
  throw new StoreError(`serve: ${host} is no address of this machine: name one by --host or ASSAY_HOST`, { cause: error });
}

/** Connections of a service's pool: what the database can work on at once, and some for those that wait for a lock or a disk; it has 100 for all. */
function connectionsOf(cores: number): number {
  return Math.min(24, 8 + 2 * cores);
}

/** Files for workers on other machines, where this machine's store is their home. */
async function serveFiles({ db, store }: Session): Promise<void> {
  if (await isHome(db)) await serveTransfers(db, store);
}

/** Keeps a worker alive that does so many jobs at a time, none for 0; the answer ends it. */
function startWorker(concurrency: number, log: { warn(message: string): void }): () => Promise<void> {
  let child: ChildProcess | undefined;
  let ending = false;
  const start = (): void => {
    const worker = spawn(process.execPath, [...programFlags(), programPath(), "worker", "--concurrency", String(concurrency)], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ASSAY_PARENT: String(process.pid) },
    });
    child = worker;
    worker.on("exit", (code, signal) => {
      child = undefined;
      if (ending || isHomeless()) return;
      log.warn(`the worker ended with ${signal ?? code}; another is started`);
      setTimeout(() => !ending && start(), 500);
    });
  };
  if (concurrency > 0) start();
  return async () => {
    ending = true;
    if (!child) return;
    const worker = child;
    const gone = new Promise((resolve) => worker.once("exit", resolve));
    const late = setTimeout(() => worker.kill("SIGKILL"), 9000);
    worker.kill("SIGTERM");
    await gone;
    clearTimeout(late);
  };
}
