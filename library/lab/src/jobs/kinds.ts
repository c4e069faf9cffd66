// A kind of job is one call of `defineJobKind` in a file of its own, and one import line in `src/job-kinds.ts`, which every door loads:
//
//   defineJobKind({
//     name: "replay",
//     request: z.strictObject({ run_id: id }),
//     plan: async (session, request) => ({ request, run: { algorithm: … } }),   // only where a check or a run is wanted
//     run: async (session, request, job) => { job.log("…"); … return plainResult; },
//   });
//
// It is queued with `queueJob(session, "replay", request, { run: { experiment: "default" }, priority: 5 })`, or checked and queued with
// `submitJob`, over HTTP with POST /api/ml/jobs {kind, request}, in a cell with `lab.jobs.submit`, and again and again by a schedule.
// `run` works in a process of its own: what it writes through `session` is refused once the job was cancelled or given to another.
import { NotFoundError, ParamsError, suggest } from "assay";
import type { z } from "zod";
import { nearKey } from "../near-key.ts";
import type { Session } from "../projects/session.ts";
import type { NewRun } from "../tracking/index.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { MemoryNeed } from "./memory.ts";

/** What a job that is being done may ask of its surroundings. */
export interface JobContext {
  readonly jobId: string;
  /** Its run, where it has one: pending → training when it was taken, ended when `run` returns or throws. */
  readonly runId: string | undefined;
  /** Taken up for the so-manieth time; from 1. */
  readonly attempt: number;
  /** Aborted when the job is cancelled, out of time, or its worker stops; what ignores it is killed 5 s later. */
  readonly signal: AbortSignal;
  /** What earlier attempts of the run have kept, and where this one keeps. */
  readonly checkpoints: Checkpoints;
  /** A line of the job's log: of its run's, where it has one. */
  log(message: string, level?: "debug" | "info" | "warn" | "error"): void;
  /** How far it has come; shown at most twice a second. For jobs without a run: a run's observer does the same for fits. */
  progress(step: number, steps: number): void;
}

/** What was decided before a job is queued. */
interface PlannedJob<R> {
  /** With its defaults, and everything that must not change until it runs. */
  readonly request: R;
  /** What its run says of it when it begins; undefined: it has none. */
  readonly run?: Omit<NewRun, "experiment"> | undefined;
  /** What it needs at the very least, where that is known. */
  readonly memory?: MemoryNeed | undefined;
}

/** One kind of long work. */
interface JobKind<R = unknown> {
  readonly name: string;
  /** Checks a request when it comes in, and again when it is taken up. */
  readonly request: z.ZodType<R>;
  /** Checks a request against what is there. Throws what the caller is told. */
  plan?(session: Session, request: R): Promise<PlannedJob<R>>;
  /** Whether a new attempt goes on with the run's points as they are; default false: those behind the newest checkpoint are removed. */
  readonly goesOn?: boolean;
  /** Does the work and gives its result as plain data. An error ends the job as failed with its message; StoreError has it tried again. */
  run(session: Session, request: R, job: JobContext): Promise<unknown>;
}

const kinds = new Map<string, JobKind>();

/** Makes a kind of job known to queue, workers, schedules and HTTP. */
export function defineJobKind<R>(kind: JobKind<R>): void {
  kinds.set(kind.name, kind as JobKind);
}

/** The names of all kinds. */
export function jobKindNames(): string[] {
  return [...kinds.keys()].sort();
}

/** A kind by its name. Throws NotFoundError with the near name. */
export function jobKind(name: string): JobKind {
  const kind = kinds.get(name);
  if (!kind) throw new NotFoundError(`job: no kind "${name}"${suggest(name, jobKindNames())}`);
  return kind;
}

/** A request of a kind with its defaults. Throws ParamsError naming the field. */
export function readRequest(kind: JobKind, request: unknown): unknown {
  const parsed = kind.request.safeParse(request, { error: nearKey });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join(".");
  throw Object.assign(new ParamsError(`${kind.name}: ${field && `${field}: `}${issue.message}`), { field });
}
