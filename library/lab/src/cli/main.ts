import { parseArgs } from "node:util";
import { ParamsError, suggest } from "assay";
import { assayVersion } from "../assay-version.ts";
import { serveReading } from "../datasets/index.ts";
import { runWorker } from "../jobs/index.ts";
import { logger } from "../log.ts";
import { numberSetting } from "../number-setting.ts";
import { openSession } from "../projects/session.ts";
import { importMlflow, importOptuna } from "../tracking/index.ts";
import { redactText } from "../tracking/redact.ts";
import { commands } from "./commands.ts";

const help = `assay <command>

  serve --socket PATH      the HTTP service on a unix socket (behind JupyterLab)
  serve [--port N]         the HTTP service with sign-in, on 127.0.0.1 and port 8790 unless ASSAY_HOST and ASSAY_PORT say otherwise
         [--host ADDRESS]  beyond this machine only once there are people with passwords
  user list                people who may sign in
  user add NAME [--admin]  makes one; the password comes from the terminal, or from standard input
  user invite NAME [--admin]  makes one, and gives the code by which they set a password of their own
  user reset NAME          the same for one who lost the password: it is taken away, sign-ins end
  user password NAME       sets another password; sign-ins end
  user deactivate NAME     ends sign-ins and tokens at once; user activate NAME lets them back in
  user hub NAME            a local user signs in by the JupyterHub from now on
  worker [--concurrency N] takes jobs until it is stopped, N at a time (default ASSAY_WORKERS, else 1)
         [--idle-exit S]   ends S seconds after the last job
         [--lease S]       its jobs go to another worker when it is silent for so long; default 15
         [--database-url postgres://…]  takes part from another machine: files come and go through the database
  import --from mlflow|optuna --path PATH  takes over runs or studies: a folder mlruns, a database, a journal
         [--deleted]       those that were deleted there too
         [--no-artifacts]  without the files of the runs
  etl [--version 1.0] [--window-days 90]  makes a version of the recommendation dataset below data/datasets; next: a refresh
         [--negative-sample-ratio 2.0] [--test-size 0.2] [--random-seed 42] [--k-anonymity 5] [--until 2026-06-30T00:00:00Z]
         [--mapping FILE]  JSON: where the application keeps its tables;  [--source-url postgres://…]  its database
         [--out FOLDER]    another folder than data/datasets
  etl source [--users N] [--items N] [--interactions N] [--days N] [--replace]  makes the travel application, to try it with
  db start                 starts the database and brings it to this release
  db stop [--if-unused]    stops the embedded database
  db status [--json]       says whether the database answers, and how it stands
  db migrate               brings the database to this release
  db backup PATH           writes rows and files into a new folder PATH; [--no-files] rows only
  db restore PATH          brings a backup back into an empty database; [--force] in place of what is there, [--no-files] rows only
  retention [name=days …]  shows how long things are kept, or changes it (job_days=90, run_log_days=never)
         [--dry-run]       says what is older;  [--sweep] removes it now
  doctor [--full] [--json] looks at machine, database, queue and store, and says what to do; --full reads every file
  native                   builds TensorFlow's addon, on which networks train faster (Linux; Python, g++, 600 MB)
  --version, --help`;

const options = {
  socket: { type: "string" },
  port: { type: "string" },
  host: { type: "string" },
  admin: { type: "boolean" },
  concurrency: { type: "string" },
  "idle-exit": { type: "string" },
  lease: { type: "string" },
  "database-url": { type: "string" },
  from: { type: "string" },
  path: { type: "string" },
  deleted: { type: "boolean" },
  "no-artifacts": { type: "boolean" },
  "if-unused": { type: "boolean" },
  "no-files": { type: "boolean" },
  force: { type: "boolean" },
  json: { type: "boolean" },
  full: { type: "boolean" },
  "dry-run": { type: "boolean" },
  sweep: { type: "boolean" },
  help: { type: "boolean" },
  version: { type: "boolean" },
} as const;

main().catch((error: Error) => {
  console.error(`assay: ${redactText(error.message)}`);
  if (["debug", "trace"].includes(process.env["LOG_LEVEL"] ?? "")) console.error(redactText(error.stack ?? ""));
  process.exit(1);
});

async function main(): Promise<void> {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 22) throw new Error(`needs Node 22 or newer, got ${process.version}`);
  // its --version is a dataset's
  if (process.argv[2] === "etl") return (await import("./etl.ts")).etl(process.argv.slice(3));
  const { positionals, values } = readArguments();
  if (positionals[0] === "user")
    return (await import("./users.ts")).people(positionals.slice(1), { admin: values.admin ?? false });
  if (positionals[0] === "retention") {
    const { retention } = await import("./retention.ts");
    return retention({ changes: positionals.slice(1), dryRun: values["dry-run"] ?? false, now: values.sweep ?? false });
  }
  const isCopy = positionals[0] === "db" && ["backup", "restore"].includes(positionals[1] ?? "");
  const command = (isCopy ? positionals.slice(0, 2) : positionals).join(" ");
  if (values.version) return console.log(assayVersion);
  if (values.help || command === "") return console.log(help);
  switch (command) {
    case "serve": {
      const { ASSAY_URL: url, ASSAY_TOKEN: token, JUPYTERHUB_API_TOKEN: hubToken } = process.env;
      if (values.socket !== undefined && url) {
        const { relay } = await import("../api/relay.ts");
        return relay({ socket: values.socket, url, token: token || undefined, hubToken: hubToken || undefined });
      }
      const { serve } = await import("../api/serve.ts");
      return serve({
        socket: values.socket,
        port: numberOf("serve: --port", values.port),
        host: values.host,
      });
    }
    case "ingest": // a file read for a service that stays small
      return serveReading();
    case "print": // a report as PDF, for a service that goes on answering
      return (await import("../reports/index.ts")).servePrinting();
    case "import":
      return takeOver(values);
    case "shadow": // a thread of a service: asks models that are tried beside those that answer
      return (await import("../registry/shadow-thread.ts")).answerShadows();
    case "job": // does the jobs of a worker, which talks to it
      await import("../job-kinds.ts");
      return (await import("../jobs/child.ts")).serveJobs();
    case "worker":
      return work(values);
    case "native":
      return (await import("./native.ts")).buildNative();
    case "doctor":
      return (await import("./doctor.ts")).doctor({ full: values.full ?? false, json: values.json ?? false });
    case "db status":
      return (await import("./database.ts")).showStatus(values.json ?? false);
    case "db backup":
    case "db restore": {
      const { backUp, bringBack } = await import("./database.ts");
      if (positionals.length > 3)
        throw new ParamsError(
          `${command}: must have one PATH behind it, got ${positionals
            .slice(2)
            .map((each) => JSON.stringify(each))
            .join(" ")}`,
        );
      const given = { path: positionals[2], noFiles: values["no-files"] ?? false, force: values.force ?? false };
      return command === "db backup" ? backUp(given) : bringBack(given);
    }
    case "db start":
    case "db migrate": {
      const { server, migrations } = await openSession({ connections: 2 });
      console.log(`${server.how === "external" ? "DATABASE_URL" : server.how}, ${migrations.length} new migrations`);
      process.exit(0); // the server stays: only `close` would stop it
      break;
    }
    case "db stop":
      return (await import("./database.ts")).stop(values["if-unused"] ?? false);
    default:
      console.error(`assay: no command "${command}"${suggest(command, commands)}`);
      process.exit(2);
  }
}

/** What stands on the command line. Throws ParamsError for an option that is none, with the near one. */
function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    const unknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? /'(-[^']*)'/.exec(message)?.[1] : undefined;
    if (unknown === undefined) throw error;
    throw new ParamsError(
      `no option ${unknown}${suggest(
        unknown,
        Object.keys(options).map((name) => `--${name}`),
      )}`,
    );
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
    concurrency: numberOf("worker: --concurrency", concurrency) ?? (numberSetting("ASSAY_WORKERS") || 1),
    leaseSeconds,
    idleExitMs,
    log: logger("worker"),
  });
  await close();
  process.exit(0);
}

function numberOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined || (given.trim() !== "" && !Number.isNaN(Number(given))))
    return given === undefined ? given : Number(given);
  throw new ParamsError(`${option} must be a number, got ${JSON.stringify(given)}`);
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
