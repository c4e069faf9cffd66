import { v7 as uuidv7 } from "uuid";
import type { Artifact } from "../contract/artifacts.ts";
import { artifactType, type NewArtifact } from "../tracking/artifacts.ts";
import type { NewRun, RunSink } from "../tracking/index.ts";
import { runJson } from "../tracking/run-json.ts";
import { fileToSend } from "./file-to-send.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";

/** Seconds without a word after which the service holds a kernel for dead. */
const leaseSeconds = 300;
const heartbeatMs = 60_000;
/** Lines of one message at most. */
const linesMost = 1000;

/**
 * Runs of a cell that a service keeps: the fit stays in the kernel, what it tells goes there in batches. Every message is known by its id and may come
 * twice, so that it is sent again through a restart of the service.
 */
export function remoteSink(service: Service): RunSink {
  const { client } = service;
  return {
    async create({ experiment, parentId, ...run }) {
      const parent = experiment === undefined && parentId !== undefined ? await client.runs.get({ id: parentId }) : undefined;
      const known = { experiment: experiment ?? parent?.experiment.experiment, parent_id: parentId };
      const body = { ...fieldsOf(run), ...known, run_id: uuidv7(), lease_seconds: leaseSeconds };
      return (await client.runs.create(plain(body), once())).run_id;
    },
    async hold(id) {
      const beat = (): void => void client.runs.heartbeat({ id }, once()).catch(() => {}); // the next message tells what is wrong
      const timer = setInterval(beat, heartbeatMs).unref();
      return async () => clearInterval(timer);
    },
    async write(id, { id: batch, points, lines }) {
      const metrics = [...points];
      if (metrics.length > 0) await client.runs.logBatch({ id, metrics, batch_id: batch }, once(batch));
      for (let at = 0; at < lines.length; at += linesMost) {
        const key = `${batch} ${at}`;
        await client.runs.logLines({ id, lines: lines.slice(at, at + linesMost), batch_id: key }, once(key));
      }
    },
    async progress(id, { step, steps, elapsedMs }) {
      await client.runs.logBatch({ id, progress: { step, steps, elapsed_ms: elapsedMs } }, once());
    },
    async change(id, changes) {
      await client.runs.change({ ...plain(fieldsOf(changes)), id }, once());
    },
    async add(id, field, values) {
      const given = plain(values);
      if (field === "params") await client.runs.logParams({ id, params: given }, once());
      else await client.runs.change({ id, [field]: given }, once());
    },
    saveArtifact: (id, artifact) => sendArtifact(service, id, artifact),
    async saveModel(id, bytes) {
      return sendArtifact(service, id, { name: "model", kind: "model", contentType: "application/octet-stream", bytes });
    },
    async finish(id, status, { error, stack } = {}) {
      const end = { run_status: status, error: error?.slice(0, 10_000), stack: stack?.slice(0, 20_000) };
      await client.runs.finish({ id, ...end }, once());
    },
  };
}

/** Stores bytes, text or a file with a run. */
export async function sendArtifact(
  { client }: Service,
  runId: string,
  { name, kind, contentType, bytes, path }: NewArtifact,
): Promise<Artifact> {
  const type = contentType ?? artifactType(name);
  const file = path === undefined ? new Blob([bytes as BlobPart], { type }) : await fileToSend("artifact", path, type);
  return (await client.artifacts.upload({ id: runId, name, kind, file, fileName: "artifact" }, once())).artifact;
}

/** Facts of a run as the contract spells them; what the service finds out by itself is left out. */
function fieldsOf(run: Partial<Omit<NewRun, "experiment">> & { readonly evaluation?: unknown }) {
  const { datasetName, target, features, seed, parentId, task, name, description, notes, algorithm } = run;
  const { params, tags, split, code, environment, evaluation } = run;
  return {
    ...{ name, description, notes, algorithm, params, tags, split, code, environment, evaluation },
    dataset: datasetName,
    target_column: target,
    feature_columns: features && [...features],
    random_seed: seed,
    parent_id: parentId,
    task_type: task as "classification" | "regression" | undefined,
  };
}

/** The same as JSON carries it: typed arrays as lists, NaN and ±Infinity as text, secrets left out. */
function plain<T extends object>(value: T): T {
  return JSON.parse(runJson(value)) as T;
}
