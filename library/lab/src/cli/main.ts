import { parseArgs } from "node:util";
import { suggest } from "assay";
import { serveReading } from "../datasets/index.ts";
import { stopIfUnused, stopServer } from "../db/server.ts";
import { runWorker } from "../jobs/index.ts";
import { logger } from "../log.ts";
import { openSession } from "../projects/session.ts";
import { importMlflow, importOptuna } from "../tracking/index.ts";

const help = `assay <command>

  serve --socket PATH      the HTTP service on a unix socket (behind JupyterLab)
  serve --port N           the HTTP service on 127.0.0.1; needs ASSAY_TOKEN
  worker [--concurrency N] takes jobs until it is stopped, N at a time (default ASSAY_WORKERS, else 1)
         [--idle-exit S]   ends S seconds after the last job
         [--lease S]       its jobs go to another worker when it is silent for so long; default 15
         [--database-url postgres://…]  takes part from another machine: files come and go through the database
  import --from mlflow|optuna --path PATH  takes over runs or studies: a folder mlruns, a database, a journal
         [--deleted]       those that were deleted there too
         [--no-artifacts]  without the files of the runs
  db start                 starts the database and brings it to this release
  db stop [--if-unused]    stops the embedded database
  db status                says whether the database answers
  --version, --help`;

const commands = ["serve", "worker", "import", "db start", "db stop", "db status", "db migrate"];

main().catch((error: Error) => {
  console.error(`assay: ${error.message}`);
  if (process.env["LOG_LEVEL"] === "debug") console.error(error.stack);
  process.exit(1);
});

async function main(): Promise<void> {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 22) throw new Error(`needs Node 22 or newer, got ${process.version}`);
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      socket: { type: "string" },
      port: { type: "string" },
      concurrency: { type: "string" },
      "idle-exit": { type: "string" },
      lease: { type: "string" },
      "database-url": { type: "string" },
      from: { type: "string" },
      path: { type: "string" },
      deleted: { type: "boolean" },
      "no-artifacts": { type: "boolean" },
      "if-unused": { type: "boolean" },
      help: { type: "boolean" },
      version: { type: "boolean" },
    },
  });
  const command = positionals.join(" ");
  if (values.version) return console.log("0.1.0");
  if (values.help || command === "") return console.log(help);
  switch (command) {
    case "serve": {
      const { serve } = await import("../api/serve.ts");
      return serve({ socket: values.socket, port: values.port === undefined ? undefined : Number(values.port) });
    }
    case "ingest": // a file read for a service that stays small
      return serveReading();
    case "print": // a report as PDF, for a service that goes on answering
      return (await import("../reports/index.ts")).servePrinting();
    case "import":
      return takeOver(values);
    case "job": // does the jobs of a worker, which talks to it
      await import("../job-kinds.ts");
      return (await import("../jobs/child.ts")).serveJobs();
    case "worker":
      return work(values);
    case "db start":
    case "db migrate":
    case "db status": {
      const { server, migrations } = await openSession({ connections: 2 });
      console.log(`${server.how}, ${migrations.length} new migrations`);
      process.exit(0); // the server stays: only `close` would stop it
      break;
    }
    case "db stop":
      if (values["if-unused"]) return console.log(await stopIfUnused());
      await stopServer();
      return console.log("stopped");
    default:
      console.error(`assay: no command "${command}"${suggest(command, commands)}`);
      process.exit(2);
  }
}

interface WorkerArguments {
  readonly concurrency?: string | undefined;
  readonly "idle-exit"?: string | undefined;
  readonly lease?: string | undefined;
  readonly "database-url"?: string | undefined;
}

async function work({ "database-url": url, lease, concurrency, "idle-exit": idleExit }: WorkerArguments): Promise<void> {
  if (url !== undefined) process.env["DATABASE_URL"] = url; // its processes for jobs inherit it
  const idleExitMs = seconds("--idle-exit", idleExit, 1000);
  const leaseSeconds = seconds("--lease", lease, 1);
  process.env["ASSAY_SILENCE_SECONDS"] ??= String(2 * (leaseSeconds ?? 15));
  await import("../job-kinds.ts");
  const { session, close } = await openSession({ guest: url !== undefined });
  const stop = new AbortController();
  const parent = process.ppid;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  // a worker of a service ends with it, however that ended
  if (idleExitMs === undefined && process.env["ASSAY_PARENT"])
    setInterval(() => process.ppid !== parent && stop.abort(), 1000).unref();
  await runWorker(session, {
    signal: stop.signal,
    // ASSAY_WORKERS=0 keeps a service from having a worker; whoever starts one means one
    concurrency: concurrency === undefined ? Number(process.env["ASSAY_WORKERS"]) || 1 : Number(concurrency),
    leaseSeconds,
    idleExitMs,
    log: logger("worker"),
  });
  await close();
  process.exit(0);
}

function seconds(option: string, given: string | undefined, unit: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!(value > 0)) throw new Error(`${option} must be a number of seconds > 0, got ${given}`);
  return value * unit;
}

interface ImportArguments {
  readonly from?: string | undefined;
  readonly path?: string | undefined;
  readonly deleted?: boolean | undefined;
  readonly "no-artifacts"?: boolean | undefined;
}

/** Takes over another program's runs or studies, and prints what became of them. */
async function takeOver({ from, path, deleted, "no-artifacts": none }: ImportArguments): Promise<void> {
  if (path === undefined || (from !== "mlflow" && from !== "optuna"))
    throw new Error(`import: needs --from mlflow or --from optuna, and --path, got ${from ?? "no --from"}`);
  const { session, close } = await openSession({ connections: 4 });
  try {
    const report =
      from === "mlflow" ? await importMlflow(session, path, { deleted, artifacts: !none }) : await importOptuna(session, path);
    const counts = Object.entries(report.counts).filter(([, n]) => n > 0);
    console.log(counts.map(([what, n]) => `${n} ${what.replaceAll("_", " ")}`).join(", ") || "nothing to import");
    for (const { outcome, kind, name, reason, place } of report.items)
      if (outcome === "left out")
        console.log(`left out: ${kind} ${name}: ${reason}${place === null || reason?.includes(place) ? "" : ` (${place})`}`);
  } finally {
    await close();
  }
}
