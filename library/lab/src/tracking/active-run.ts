import * as ml from "assay";
import { v7 as uuidv7 } from "uuid";
import type { Artifact } from "../contract/artifacts.ts";
import type { LogLine } from "../contract/training.ts";
import { toMetricValue } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { type NewArtifact, saveArtifact } from "./artifacts.ts";
import { addToRun, changeRun } from "./change-run.ts";
import { describeModel, saveModel } from "./describe-model.ts";
import { reportProgress } from "./end-run.ts";
import { logLines } from "./logs.ts";
import { logMetrics, type NewPoint } from "./metrics.ts";
import { runJson } from "./run-json.ts";
import { type TrackOptions, trackRun } from "./track-run.ts";

/** Where a metric belongs. */
export interface LogPlace {
  /** Default 0. */
  readonly step?: number;
  /** train, validation, test …; default train. */
  readonly split?: string;
}

const flushMs = 100;
const flushPoints = 1000;
const batchPoints = 10_000;

/** What is written together; told again after a failure under the same id, so that nothing is there twice. */
interface Batch {
  readonly id: string;
  readonly points: readonly NewPoint[];
  readonly lines: readonly Pick<LogLine, "level" | "message">[];
}

/**
 * A run while it is written: what it is told is buffered and appended in batches, at most 100 ms late. It is an observer: given to a
 * fit, it records progress and the metrics of each step.
 */
export class ActiveRun implements ml.Observer {
  readonly id: string;
  readonly #session: Session;
  #points: NewPoint[] = [];
  #lines: Pick<LogLine, "level" | "message">[] = [];
  #batches: Batch[] = [];
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

  /** Says on which rows the run works: a dataset's name and version, target and features, the seed, the rows of each part. */
  async data(data: {
    readonly dataset?: string;
    readonly target?: string;
    readonly features?: readonly string[];
    readonly seed?: number;
    readonly split?: Readonly<Record<string, ArrayLike<number>>>;
  }): Promise<void> {
    const { dataset, ...rest } = data;
    await changeRun(this.#session, this.id, { ...rest, datasetName: dataset });
  }

  /** Stores bytes, text, or a file of this machine as an artifact of the run; the same name again replaces it. */
  artifact(name: string, content: Uint8Array | string | Omit<NewArtifact, "name">): Promise<Artifact> {
    const given = typeof content === "string" || content instanceof Uint8Array ? { bytes: content } : content;
    return saveArtifact(this.#session, this.id, { name, ...given });
  }

  /** Stores a figure, which the run shows. */
  figure(name: string, figure: ml.Figure): Promise<Artifact> {
    return this.artifact(name, { bytes: runJson(figure), kind: "figure", contentType: "application/json" });
  }

  /** Stores a table (at most its first 10,000 rows), which the run shows. */
  table(name: string, table: ml.Table | readonly Readonly<Record<string, unknown>>[]): Promise<Artifact> {
    const rows = table instanceof ml.Table ? table.head(10_000).toRows() : table.slice(0, 10_000);
    return this.artifact(name, { bytes: runJson(rows), kind: "table", contentType: "application/json" });
  }

  /** Runs work as a run that is a part of this one. */
  child<T>(name: string, work: (run: ActiveRun) => Promise<T>, options: TrackOptions = {}): Promise<string> {
    return trackRun(this.#session, { name, parentId: this.id, ...options }, (id) => new ActiveRun(this.#session, id), work);
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
    await changeRun(this.#session, this.id, { evaluation });
    await this.flush();
    return evaluation;
  }

  /** Stores the model as the run's artifact "model". */
  async saveModel(model: ml.Fitted): Promise<void> {
    const { size_bytes } = await saveModel(this.#session, this.id, model);
    this.info(`model saved, ${size_bytes} bytes`);
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
      this.#collect();
      const progress = this.#progress;
      this.#progress = undefined;
      try {
        for (let batch = this.#batches[0]; batch; batch = this.#batches[0]) {
          await logMetrics(this.#session, this.id, batch.points, { batchId: batch.id });
          await logLines(this.#session, this.id, batch.lines, { batchId: batch.id });
          this.#batches.shift();
        }
        if (progress) await reportProgress(this.#session, this.id, progress);
        this.#failure = undefined; // what an earlier write could not, this one has
      } catch (error) {
        this.#failure = error;
      }
    });
  }

  #collect(): void {
    const lines = this.#lines.splice(0);
    const points = this.#points.splice(0);
    for (let at = 0; at < points.length || (at === 0 && lines.length > 0); at += batchPoints)
      this.#batches.push({ id: uuidv7(), points: points.slice(at, at + batchPoints), lines: at === 0 ? lines : [] });
  }
}
