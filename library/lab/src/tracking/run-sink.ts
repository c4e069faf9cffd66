import { v7 as uuidv7 } from "uuid";
import type { Artifact } from "../contract/artifacts.ts";
import type { LogLine } from "../contract/training.ts";
import { authorizeOften } from "../projects/authorize-often.ts";
import type { Session } from "../projects/session.ts";
import { type NewArtifact, saveArtifact } from "./artifacts.ts";
import { addToRun, changeRun } from "./change-run.ts";
import { createRun, type NewRun, type RunChanges } from "./create-run.ts";
import { storeModel } from "./describe-model.ts";
import { type Ending, finishRun, reportProgress } from "./end-run.ts";
import { logLines } from "./logs.ts";
import { logMetrics, type NewPoint } from "./metrics.ts";
import { holdRun } from "./recover.ts";

/** What is written together; told again after a failure under the same id, so that nothing is there twice. */
export interface RunBatch {
  readonly id: string;
  readonly points: readonly NewPoint[];
  readonly lines: readonly Pick<LogLine, "level" | "message">[];
}

/** How far a fit is. */
interface FitProgress {
  readonly step: number;
  readonly steps: number;
  readonly elapsedMs: number;
}

/** Where the runs of a cell are written: the database, or a service that has it. */
export interface RunSink {
  /** Makes a run that trains; without experiment it goes where its parent is, or into "default". Gives its id. */
  create(run: Omit<NewRun, "experiment" | "status" | "id"> & { readonly experiment?: string | undefined }): Promise<string>;
  /** Shows that the run's program lives, until the answer is called. */
  hold(id: string): Promise<() => Promise<void>>;
  write(id: string, batch: RunBatch): Promise<void>;
  progress(id: string, progress: FitProgress): Promise<void>;
  change(id: string, changes: RunChanges): Promise<void>;
  add(id: string, field: "params" | "tags" | "environment", values: Readonly<Record<string, unknown>>): Promise<void>;
  saveArtifact(id: string, artifact: NewArtifact): Promise<Artifact>;
  /** Stores the bytes of a model file as the run's artifact "model". */
  saveModel(id: string, bytes: Uint8Array): Promise<{ readonly size_bytes: number }>;
  finish(id: string, status: Ending, end?: { readonly error?: string; readonly stack?: string | undefined }): Promise<void>;
}

/** A session, whose database takes the runs, or another sink. */
export type RunPlace = Session | RunSink;

/** The sink of a place. */
export function sinkOf(place: RunPlace): RunSink {
  return "db" in place ? databaseSink(place) : place;
}

function databaseSink(session: Session): RunSink {
  return {
    async create({ experiment, ...run }) {
      const known = experiment ?? (await experimentOfParent(session, run.parentId));
      return createRun(session, { ...run, id: uuidv7(), experiment: known, status: "training" });
    },
    hold: (id) => holdRun(id),
    async write(id, { points, lines, id: batchId }) {
      await authorizeOften(session, "write");
      await logMetrics(session, id, points, { batchId });
      await logLines(session, id, lines, { batchId });
    },
    async progress(id, progress) {
      await authorizeOften(session, "write");
      await reportProgress(session, id, progress);
    },
    change: (id, changes) => changeRun(session, id, changes),
    add: (id, field, values) => addToRun(session, id, field, values),
    saveArtifact: (id, artifact) => saveArtifact(session, id, artifact),
    saveModel: (id, bytes) => storeModel(session, id, bytes),
    async finish(id, status, end) {
      await authorizeOften(session, "write");
      await finishRun(session, id, status, end);
    },
  };
}

async function experimentOfParent({ db, projectId }: Session, parentId: string | undefined): Promise<string> {
  if (parentId === undefined) return "default";
  const row = await db
    .selectFrom("runs as r")
    .innerJoin("experiments as e", "e.id", "r.experiment_id")
    .select("e.name")
    .where("r.id", "=", parentId)
    .where("r.project_id", "=", projectId)
    .executeTakeFirst();
  return row?.name ?? "default";
}
