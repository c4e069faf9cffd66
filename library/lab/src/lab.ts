import { ConflictError } from "assay";
import type { Comparison, Run, RunInfo } from "./contract/training.ts";
import { type Datasets, datasetsOf } from "./datasets/index.ts";
import { display, htmlTable } from "./html.ts";
import { closeSender, type Jobs, jobsOf } from "./jobs/index.ts";
import { openSession, type Session } from "./projects/session.ts";
import { type Registry, registryOf } from "./registry/index.ts";
import {
  ActiveRun,
  codeOf,
  compareRuns,
  createRun,
  environmentOf,
  finishRun,
  getRun,
  holdRun,
  listRuns,
  type RunQuery,
} from "./tracking/index.ts";

/** A named group of runs. */
export interface Experiment {
  readonly name: string;
  /** Runs work as a tracked run: failed when it throws, cancelled when it is aborted, completed else. Gives the run. */
  run(name: string, work: (run: ActiveRun) => Promise<unknown>): Promise<RunInfo>;
  /** Runs of the experiment, newest first. */
  runs(query?: Omit<RunQuery, "experiment">): Promise<readonly Run[]>;
}

/** An open connection to projects, datasets, runs, jobs and models. Close it when done; a kernel that ends closes it too. */
export interface Lab {
  readonly datasets: Datasets;
  readonly jobs: Jobs;
  readonly registry: Registry;
  experiment(name: string): Experiment;
  runs(query?: RunQuery): Promise<readonly Run[]>;
  run(id: string): Promise<RunInfo>;
  compare(ids: readonly string[]): Promise<Omit<Comparison, "status">>;
  close(): Promise<void>;
}

/** Opens the lab: the embedded PostgreSQL of this machine, or the one of DATABASE_URL. Throws StoreError with the remedy. */
export async function connect(): Promise<Lab> {
  const { session, close } = await openSession();
  return {
    datasets: datasetsOf(session),
    jobs: jobsOf(session),
    registry: registryOf(session),
    experiment: (name) => experimentOf(session, name),
    runs: async (query) => shownRuns((await listRuns(session, query)).items),
    run: async (id) => shownRun(await getRun(session, id)),
    compare: (ids) => compareRuns(session, ids),
    close: async () => {
      await closeSender();
      await close();
    },
  };
}

function experimentOf(session: Session, experiment: string): Experiment {
  return {
    name: experiment,
    async run(name, work) {
      const id = await createRun(session, {
        experiment,
        name,
        status: "training",
        environment: environmentOf(),
        code: await codeOf(),
      });
      const release = await holdRun(id);
      const run = new ActiveRun(session, id);
      try {
        await work(run);
        await run.flush();
        await finishRun(session, id, "completed");
      } catch (error) {
        run.error((error as Error).message ?? String(error));
        await run.flush().catch(() => {});
        const status = (error as Error).name === "AbortError" ? "cancelled" : "failed";
        await finishRun(session, id, status, { error: (error as Error).message }).catch((failure) => {
          if (!(failure instanceof ConflictError)) throw failure;
        });
        throw error;
      } finally {
        await release();
      }
      return shownRun(await getRun(session, id));
    },
    runs: async (query) => shownRuns((await listRuns(session, { ...query, experiment })).items),
  };
}

function shownRuns(runs: readonly Run[]): readonly Run[] {
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics).filter((name) => name.startsWith("test."))))].slice(
    0,
    6,
  );
  const rows = runs.map((run) => ({
    name: run.name,
    status: run.status,
    algorithm: run.algorithm,
    ...Object.fromEntries(metrics.map((name) => [name, run.metrics[name]])),
    created: run.created_at.slice(0, 19).replace("T", " "),
  }));
  return display([...runs], () => htmlTable(rows));
}

function shownRun(run: RunInfo): RunInfo {
  const facts = {
    run: run.name,
    experiment: run.experiment,
    status: run.status,
    algorithm: run.algorithm,
    dataset: run.dataset,
    id: run.id,
  };
  const metrics = Object.entries(run.metrics)
    .filter(([name]) => name.startsWith("test."))
    .map(([name, value]) => ({ metric: name, value }));
  return display(run, () => htmlTable([facts]) + htmlTable(metrics));
}
