import * as ml from "assay";
import { v7 as uuidv7 } from "uuid";
import type { Artifact } from "../contract/artifacts.ts";
import type { LogLine } from "../contract/training.ts";
import { toMetricValue } from "../contract/values.ts";
import type { NewArtifact } from "./artifacts.ts";
import { describeModel } from "./describe-model.ts";
import type { NewPoint } from "./metrics.ts";
import { runJson } from "./run-json.ts";
import { type RunBatch, type RunPlace, type RunSink, sinkOf } from "./run-sink.ts";
import { type TrackOptions, trackRun } from "./track-run.ts";

/** Where a metric belongs. */
interface LogPlace {
  /** Default 0. */
  readonly step?: number;
  /** train, validation, test …; default train. */
  readonly split?: string;
}

const flushMs = 100;
const flushPoints = 1000;
const batchPoints = 10_000;

/**
 * A run while it is written: what it is told is buffered and appended in batches, at most 100 ms late. It is an observer: given to a
 * fit, it records progress and the metrics of each step.
 */
export class ActiveRun implements ml.Observer {
  readonly id: string;
  readonly #sink: RunSink;
  #points: NewPoint[] = [];
  #lines: Pick<LogLine, "level" | "message">[] = [];
  #batches: RunBatch[] = [];
  #progress: ml.Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** A run of a session, whose database keeps it, or of another sink. */
  constructor(place: RunPlace, id: string) {
    this.#sink = sinkOf(place);
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
    await this.#sink.add(this.id, "params", params);
  }

  /** Adds tags. */
  async tag(tags: Readonly<Record<string, string>>): Promise<void> {
    await this.#sink.add(this.id, "tags", tags);
  }

  /** Sets the run's note. */
  async note(notes: string): Promise<void> {
    await this.#sink.change(this.id, { notes });
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
    await this.#sink.change(this.id, { ...rest, datasetName: dataset });
  }

  /** Stores bytes, text, or a file of this machine as an artifact of the run; the same name again replaces it. */
  artifact(name: string, content: Uint8Array | string | Omit<NewArtifact, "name">): Promise<Artifact> {
    const given = typeof content === "string" || content instanceof Uint8Array ? { bytes: content } : content;
    return this.#sink.saveArtifact(this.id, { name, ...given });
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
    return trackRun(this.#sink, { name, parentId: this.id, ...options }, (id) => new ActiveRun(this.#sink, id), work);
  }

  /** Evaluates a model on a table, and keeps metrics, report and figures with the run. */
  async evaluate(
    model: ml.PredictorModel,
    table: ml.Table,
    { split = "test" }: { readonly split?: string } = {},
  ): Promise<ml.Evaluation> {
    const evaluation = ml.evaluate(model, table);
    this.log(evaluation.metrics, { split });
    await describeModel(this.#sink, this.id, model, evaluation.target);
    await this.#sink.change(this.id, { evaluation });
    await this.flush();
    return evaluation;
  }

  /** Stores the model as the run's artifact "model". */
  async saveModel(model: ml.Fitted): Promise<void> {
    const { size_bytes } = await this.#sink.saveModel(this.id, ml.encodeModel(model));
    await describeModel(this.#sink, this.id, model, model.target);
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
          await this.#sink.write(this.id, batch);
          this.#batches.shift();
        }
        if (progress) await this.#sink.progress(this.id, progress);
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
