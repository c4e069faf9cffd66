import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  Architecture,
  SessionEpoch,
  SessionStart,
  SignalDataset,
  SignalPrediction,
  TrainingSession,
  TrainingSessionInfo,
} from "../../contract/exoplanet.ts";
import { display, htmlTable } from "../../html.ts";
import { jobEnded } from "../../jobs/index.ts";
import type { Session } from "../../projects/session.ts";
import type { InputRow } from "../../registry/index.ts";
import { listSignals, type SignalUploadOptions, uploadSignals } from "./datasets.ts";
import { type ExampleOptions, exampleSignals } from "./example-signals.ts";
import { predictLabels } from "./predict.ts";
import { cancelSession, getSession, listSessions, startSession } from "./sessions.ts";

/** How a session is started. */
interface StartOptions {
  /** At most; default 20. */
  readonly epochs?: number;
  /** Default exoplanet_model; the model is saved under it and the time. */
  readonly modelName?: string;
  /** The highest of the schedule; default 0.002. */
  readonly learningRate?: number;
  /** Default 42. */
  readonly seed?: number;
  /** Default "wide-stem"; "balanced" weighs the labels by how rare they are. */
  readonly architecture?: Architecture;
}

/** A start as the contract takes it. */
export function startRequest(
  dataset: string,
  { epochs, modelName, learningRate, seed, architecture }: StartOptions,
): SessionStart {
  return { dataset_id: dataset, epochs, model_name: modelName, learning_rate: learningRate, random_seed: seed, architecture };
}

/** How a cell waits for a session. */
export interface FollowSession {
  /** Ends the waiting; the session goes on. */
  readonly signal?: AbortSignal;
  readonly onEpoch?: (epoch: SessionEpoch) => void;
}

/** A session that was started. */
export interface SentSession {
  readonly id: string;
  /** Where it stands: epochs, metrics, log. */
  status(): Promise<TrainingSessionInfo>;
  /** Resolves when it has ended, whatever its end; `onEpoch` hears of each epoch once, in order, as they end. */
  done(options?: FollowSession): Promise<TrainingSessionInfo>;
  cancel(): Promise<void>;
}

/** The exoplanet flow as cells use it. */
export interface Exoplanets {
  /** Checks a CSV file of transit signals (the flow's columns, KOI or TOI) and stores the rows that pass; the report says the rest. */
  upload(path: string, options?: SignalUploadOptions): Promise<SignalDataset>;
  datasets(): Promise<readonly SignalDataset[]>;
  /** Trains the network on a stored table, elsewhere; the same session stands in the panel and over HTTP. */
  start(dataset: string, options?: StartOptions): Promise<SentSession>;
  sessions(): Promise<readonly TrainingSession[]>;
  /** A session by its id, whoever started it. */
  session(id: string): SentSession;
  /** Labels, periods and depths by the current network, or another version. */
  predict(rows: readonly InputRow[], model?: string): Promise<readonly SignalPrediction[]>;
  /** Writes the made-up example table to a file. */
  example(path: string, options?: ExampleOptions): Promise<string>;
}

/** The exoplanet flow of a session. */
export function exoplanetsOf(session: Session): Exoplanets {
  return {
    upload: async (path, options) => shownDataset(await uploadSignals(session, path, options)),
    datasets: async () => (await listSignals(session)).items,
    async start(dataset, options = {}) {
      const started = await startSession(session, startRequest(dataset, options));
      return sentSession(session, started.session_id);
    },
    sessions: async () => shownSessions((await listSessions(session)).items),
    session: (id) => sentSession(session, id),
    predict: async (rows, model) => shownPredictions((await predictLabels(session, rows, model)).items),
    async example(path, options) {
      await writeFile(path, exampleSignals(options));
      return path;
    },
  };
}

function sentSession(session: Session, id: string): SentSession {
  return {
    id,
    status: async () => shownSession(await getSession(session, id)),
    async done({ signal, onEpoch } = {}) {
      const { job_id } = await getSession(session, id);
      const ended = job_id === null ? Promise.resolve() : jobEnded(session, job_id, signal);
      return shownSession(await tellEpochs(() => getSession(session, id), ended, onEpoch));
    },
    cancel: async () => void (await cancelSession(session, id)),
  };
}

const lookMs = 500;

/** A session when it has ended; `onEpoch` was told each of its epochs once. */
export async function tellEpochs(
  get: () => Promise<TrainingSessionInfo>,
  ended: Promise<unknown>,
  onEpoch: FollowSession["onEpoch"],
): Promise<TrainingSessionInfo> {
  let isOver = false;
  let told = 0;
  const over = ended.then(() => {
    isOver = true;
  });
  over.catch(() => {}); // it is awaited below
  while (onEpoch) {
    const wasOver = isOver;
    for (const epoch of (await get()).history.filter((each) => each.epoch > told)) {
      onEpoch(epoch);
      told = epoch.epoch;
    }
    if (wasOver) break;
    await Promise.race([over, sleep(lookMs)]);
  }
  await over;
  return get();
}

/** A stored table of signals, drawn with its report in a notebook. */
export function shownDataset(dataset: SignalDataset): SignalDataset {
  const { report } = dataset;
  const { format, rows_read, rows_kept, stars, classes, leaky_columns, assumed } = report;
  const facts = { dataset: dataset.dataset, format, rows_read, rows_kept, stars, ...classes };
  const notes = { leaky_columns: leaky_columns.join(", "), assumed: assumed.join("; ") };
  return display(
    dataset,
    () => htmlTable([facts]) + htmlTable([notes]) + htmlTable(report.rules) + htmlTable(report.problems.slice(0, 10)),
  );
}

function factsOf({ session_id, session_status, saved_as, dataset, epoch, epochs, metrics }: TrainingSession) {
  return { session_id, status: session_status, saved_as, dataset, epoch: `${epoch}/${epochs}`, ...metrics };
}

/** A training session, drawn in a notebook. */
export function shownSession(session: TrainingSessionInfo): TrainingSessionInfo {
  const results = Object.entries(session.results).map(([metric, value]) => ({ metric, value }));
  return display(session, () => htmlTable([factsOf(session)]) + htmlTable(session.history) + htmlTable(results));
}

/** Training sessions, drawn as a table in a notebook. */
export function shownSessions(sessions: readonly TrainingSession[]): readonly TrainingSession[] {
  return display([...sessions], () => htmlTable(sessions.map(factsOf)));
}

/** Predictions of signals, drawn as a table in a notebook. */
export function shownPredictions(items: readonly SignalPrediction[]): readonly SignalPrediction[] {
  return display([...items], () => htmlTable(items.map(({ label_proba, ...row }) => ({ ...row, ...label_proba }))));
}
