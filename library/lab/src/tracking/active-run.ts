import { execFile } from "node:child_process";
import { availableParallelism, platform, release } from "node:os";
import { promisify } from "node:util";
import * as ml from "assay";
import { v7 as uuidv7 } from "uuid";
import type { LogLine, MetricPoint } from "../contract/training.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { logLines, logMetrics } from "./metrics.ts";
import { addToRun, changeRun, reportProgress } from "./runs.ts";

/** Where a metric belongs. */
export interface LogPlace {
  /** Default 0. */
  readonly step?: number;
  /** train, validation, test …; default train. */
  readonly split?: string;
}

const flushMs = 100;
const flushPoints = 1000;

/**
 * A run while it is written: what it is told is buffered and appended in batches, at most 100 ms late. It is an observer: given to a
 * fit, it records progress and the metrics of each step.
 */
export class ActiveRun implements ml.Observer {
  readonly id: string;
  readonly #session: Session;
  #points: MetricPoint[] = [];
  #lines: Pick<LogLine, "level" | "message">[] = [];
  #progress: ml.Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(session: Session, id: string) {
    this.#session = session;
    this.id = id;
  }

  /** Records metrics of a step. */
  log(metrics: Readonly<Record<string, number>>, { step = 0, split = "train" }: LogPlace = {}): void {
    const at = new Date().toISOString();
    for (const [name, value] of Object.entries(metrics))
      this.#points.push({ name, split, step, value: toMetricValue(value), at });
    this.#schedule();
  }

  /** Hears of a fit's progress; metrics of the step are recorded as `train`. */
  progress(event: ml.Progress): void {
    this.#progress = event;
    this.log(event.metrics, { step: event.step });
  }

  /** Writes a line to the run's log. */
  info(message: string): void {
    this.#line("info", message);
  }

  /** Writes a warning to the run's log. */
  warn(message: string): void {
    this.#line("warn", message);
  }

  /** Writes an error to the run's log. */
  error(message: string): void {
    this.#line("error", message);
  }

  /** Adds parameters. */
  async params(params: Readonly<Record<string, unknown>>): Promise<void> {
    await addToRun(this.#session, this.id, "params", params);
  }

  /** Adds tags. */
  async tag(tags: Readonly<Record<string, string>>): Promise<void> {
    await addToRun(this.#session, this.id, "tags", tags);
  }

  /** Sets the run's note. */
  async note(notes: string): Promise<void> {
    await changeRun(this.#session, this.id, { notes });
  }

  /** Evaluates a model on a table, and keeps metrics, report and figures with the run. */
  async evaluate(
    model: ml.PredictorModel,
    table: ml.Table,
    { split = "test" }: { readonly split?: string } = {},
  ): Promise<ml.Evaluation> {
    const evaluation = ml.evaluate(model, table);
    this.log(evaluation.metrics, { split });
    await describeModel(this.#session, this.id, model, evaluation.target);
    await changeRun(this.#session, this.id, { evaluation: JSON.parse(JSON.stringify(evaluation)) });
    await this.flush();
    return evaluation;
  }

  /** Stores the model as the run's artifact "model". */
  async saveModel(model: ml.Fitted): Promise<void> {
    const { store, projectId, db } = this.#session;
    const stamp = new Date().toISOString().replaceAll(/[-:]/g, "").replace("T", "_").slice(0, 15);
    const file = `models/project_${projectId}/model_${this.id}_${stamp}.assay`;
    const { hash, sizeBytes } = await store.write(file, ml.encodeModel(model));
    await describeModel(this.#session, this.id, model, model.target);
    const values = { content_hash: hash, size_bytes: sizeBytes, file };
    await db
      .insertInto("artifacts")
      .values({ id: uuidv7(), project_id: projectId, run_id: this.id, name: "model", kind: "model", ...values })
      .onConflict((conflict) => conflict.columns(["run_id", "name"]).doUpdateSet(values))
      .execute();
    this.info(`model saved, ${sizeBytes} bytes`);
  }

  /** Waits until everything told so far is in the database. Throws what a write threw. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write();
    await this.#writing;
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
  }

  #line(level: LogLine["level"], message: string): void {
    this.#lines.push({ level, message });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#points.length >= flushPoints) this.#write();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, flushMs);
  }

  /** One write after the other; a batch that cannot be written is kept for the next. */
  #write(): void {
    this.#writing = this.#writing.then(async () => {
      const points = this.#points.splice(0);
      const lines = this.#lines.splice(0);
      const progress = this.#progress;
      this.#progress = undefined;
      try {
        for (let at = 0; at < points.length; at += 10_000)
          await logMetrics(this.#session, this.id, points.slice(at, at + 10_000));
        points.length = 0;
        await logLines(this.#session, this.id, lines);
        lines.length = 0;
        if (progress) await reportProgress(this.#session, this.id, progress);
        this.#failure = undefined; // what an earlier write could not, this one has
      } catch (error) {
        this.#points.unshift(...points);
        this.#lines.unshift(...lines);
        this.#failure = error;
      }
    });
  }
}

/** Writes a model's algorithm, parameters, columns and preprocessing into its run. */
async function describeModel(session: Session, runId: string, model: ml.Fitted, target: string | undefined): Promise<void> {
  const steps = model.name === "pipeline" ? (model.params["steps"] as readonly ml.Spec[]) : [model];
  const last = steps.at(-1)!;
  await changeRun(session, runId, {
    algorithm: last.name,
    task: model.task,
    target,
    features: model.columns.map(({ name }) => name),
    seed: typeof last.params["seed"] === "number" ? last.params["seed"] : undefined,
  });
  await addToRun(session, runId, "params", last.params);
  const pipeline = steps.slice(0, -1).map(({ name, params }) => ({ name, params }));
  await session.db
    .updateTable("runs")
    .set((eb) => ({ environment: eb("environment", "||" as never, JSON.stringify({ pipeline }) as never) as never }))
    .where("id", "=", runId)
    .execute();
}

/** Program, machine and versions that a run happened on. */
export function environmentOf(): Record<string, unknown> {
  return {
    node: process.version,
    platform: `${platform()} ${release()}`,
    cores: availableParallelism(),
    threads: ml.poolSize(),
    assay: "0.1.0",
  };
}

/** The cell that is running, in our kernel; and the git commit of the working folder where there is one. */
export async function codeOf(): Promise<Record<string, unknown> | undefined> {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for("assay.kernel")] as
    | { cell?: { code: string; count: number } }
    | undefined;
  const commit = await promisify(execFile)("git", ["rev-parse", "HEAD"], { timeout: 2000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  if (!kernel?.cell && !commit) return undefined;
  return { ...(kernel?.cell && { cell: kernel.cell.code }), ...(commit && { commit }) };
}
