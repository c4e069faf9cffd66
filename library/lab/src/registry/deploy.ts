import { ConflictError, type Label, loadModel, NotFoundError, ParamsError, type PredictorModel } from "assay";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { type ModelVersion, versionStatus } from "../contract/models.ts";
import { datasetTable } from "../datasets/index.ts";
import { transaction, type Work } from "../db/database.ts";
import { authorize, type Session } from "../projects/session.ts";
import { auditModel } from "./audit.ts";
import { refreshServed } from "./serving.ts";
import { getVersion } from "./versions.ts";

/** How a run's model becomes a version. */
export interface Deployment {
  readonly name: string;
  /** Default: one minor step above the newest, 1.0.0 first. */
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What is deployed, as steps of other files are told. */
interface Deployed {
  readonly versionId: string;
  readonly model: PredictorModel;
  readonly runId: string;
  readonly datasetVersionId: string | null;
}

/** Prepares what else is kept of a version, before the transaction; its answer writes it, inside. */
type DeploymentStep = (session: Session, deployed: Deployed) => Promise<((db: Work) => Promise<void>) | undefined>;

const steps: DeploymentStep[] = [];

/** Has a step done at every deployment. */
export function defineDeploymentStep(step: DeploymentStep): void {
  steps.push(step);
}

/**
 * Registers the model that a run saved as a version, staged. Throws NotFoundError for a run without a model, ConflictError for a
 * version that is there already.
 */
export async function deployRun(session: Session, runId: string, deployment: Deployment): Promise<ModelVersion> {
  await authorize(session, "write");
  const { name, version, description = "", tags = {} } = deployment;
  checkNames(name, version);
  const run = await savedModel(session, runId);
  const model = await loadModel<PredictorModel>(await session.store.fetch(run.file));
  const id = uuidv7();
  const deployed = { versionId: id, model, runId: run.id, datasetVersionId: run.dataset_version_id };
  const prior = await priorOf(session, deployed);
  const writes = await Promise.all(steps.map((step) => step(session, deployed)));
  const registered = await transaction(session.db, async (db) => {
    const modelId = await modelNamed(session, db, name);
    const wanted = version ?? nextVersion(await takenVersions(db, modelId));
    await refuseTaken(db, modelId, name, wanted);
    await db
      .insertInto("model_versions")
      .values({
        id,
        project_id: session.projectId,
        model_id: modelId,
        version: wanted,
        status: "staged",
        run_id: run.id,
        description,
        tags: JSON.stringify(tags),
        ...describe(model),
        metrics: JSON.stringify(run.metrics),
        prior: JSON.stringify(prior),
        dataset_version_id: run.dataset_version_id,
        content_hash: run.content_hash,
        size_bytes: run.size_bytes,
        file: run.file,
        created_by: session.userId,
      })
      .execute();
    for (const write of writes) await write?.(db);
    const change = {
      modelId,
      versionId: id,
      version: wanted,
      action: "deploy",
      from: null,
      to: "staged",
      reason: "deployed",
    } as const;
    await auditModel(session, db, change);
    return modelId;
  });
  await refreshServed(session, registered);
  return getVersion(session, id);
}

function checkNames(name: string, version: string | undefined): void {
  if (name.trim() === "" || name.includes("@"))
    throw new ParamsError(`registry: a model's name must have no @, got ${JSON.stringify(name)}`);
  if (version === undefined) return;
  if (!/^[\w.+-]{1,50}$/.test(version) || versionStatus.safeParse(version).success)
    throw new ParamsError(
      `registry: a version must be letters, digits and . + - _ and no status's name, got ${JSON.stringify(version)}`,
    );
}

async function savedModel({ db, projectId }: Session, runId: string) {
  const run = await db
    .selectFrom("runs as r")
    .leftJoin("artifacts as a", (join) => join.onRef("a.run_id", "=", "r.id").on("a.name", "=", "model"))
    .select(["r.id", "r.name", "r.status", "r.metrics", "r.dataset_version_id", "a.file", "a.content_hash", "a.size_bytes"])
    .where(sql<boolean>`r.id::text = ${runId}`)
    .where("r.project_id", "=", projectId)
    .executeTakeFirst();
  if (!run) throw new NotFoundError(`registry: no run ${runId}`);
  if (!run.file) throw new NotFoundError(`registry: run "${run.name}" has saved no model (it is ${run.status})`);
  return { ...run, file: run.file, content_hash: run.content_hash!, size_bytes: run.size_bytes! };
}

function describe(model: PredictorModel) {
  const parts =
    model.name === "pipeline" ? (model.params["steps"] as readonly { name: string; params: Record<string, unknown> }[]) : [model];
  const last = parts.at(-1)!;
  const signature = {
    columns: model.columns.map(({ name, levels }) => ({ name, kind: levels ? "category" : "number", ...(levels && { levels }) })),
    target: model.target ?? null,
    classes: model.classes ?? null,
  };
  return {
    algorithm: last.name,
    task: model.task,
    params: JSON.stringify(last.params),
    preprocessing: JSON.stringify(parts.slice(0, -1).map(({ name }) => name)),
    signature: JSON.stringify(signature),
  };
}

/** What an answer is worth without a model: the classes' shares or the mean in the rows that it was trained on; unknown without them. */
async function priorOf(session: Session, { model, datasetVersionId }: Deployed) {
  const labels = datasetVersionId && model.target !== undefined && (await targetOf(session, datasetVersionId, model.target));
  if (!labels) return null;
  const known = labels.filter((label) => label !== null);
  if (known.length === 0) return null;
  if (model.task === "regression") {
    const mean = known.reduce<number>((sum, value) => sum + Number(value), 0) / known.length;
    return Number.isFinite(mean) ? { prediction: mean, proba: null } : null;
  }
  const counts = new Map<Label, number>(model.classes.map((label) => [label, 0]));
  for (const label of known) if (counts.has(label)) counts.set(label, counts.get(label)! + 1);
  const shares = [...counts.values()].map((count) => count / known.length);
  return { prediction: model.classes[shares.indexOf(Math.max(...shares))]!, proba: shares };
}

async function targetOf(session: Session, datasetVersionId: string, target: string): Promise<(Label | null)[] | undefined> {
  const version = await session.db
    .selectFrom("dataset_versions as v")
    .innerJoin("datasets as d", "d.id", "v.dataset_id")
    .select(["d.name", "v.version"])
    .where("v.id", "=", datasetVersionId)
    .executeTakeFirst();
  const table = version && (await datasetTable(session, `${version.name}@${version.version}`));
  return table?.names.includes(target) ? ([...table.values(target)] as (Label | null)[]) : undefined;
}

/** The model of a name, made where there is none, locked until the transaction ends. */
async function modelNamed({ projectId }: Session, db: Work, name: string): Promise<string> {
  await db
    .insertInto("models")
    .values({ id: uuidv7(), project_id: projectId, name })
    .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
    .execute();
  const { id } = await db
    .selectFrom("models")
    .select("id")
    .where("project_id", "=", projectId)
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return id;
}

async function takenVersions(db: Work, modelId: string): Promise<string[]> {
  const rows = await db.selectFrom("model_versions").select("version").where("model_id", "=", modelId).execute();
  return rows.map(({ version }) => version);
}

async function refuseTaken(db: Work, modelId: string, name: string, version: string): Promise<void> {
  if ((await takenVersions(db, modelId)).includes(version))
    throw new ConflictError(`registry: ${name}@${version} is there already; versions never change`);
  const alias = await db
    .selectFrom("model_aliases")
    .select("alias")
    .where("model_id", "=", modelId)
    .where("alias", "=", version)
    .executeTakeFirst();
  if (alias) throw new ConflictError(`registry: ${name} has an alias "${version}": give the version another name`);
}

function nextVersion(taken: readonly string[]): string {
  const numbers = taken.flatMap((version) => (/^\d+\.\d+\.\d+$/.test(version) ? [version.split(".").map(Number)] : []));
  if (numbers.length === 0) return "1.0.0";
  const [major, minor] = numbers.sort((a, b) => b[0]! - a[0]! || b[1]! - a[1]! || b[2]! - a[2]!)[0]!;
  return `${major}.${minor! + 1}.0`;
}
