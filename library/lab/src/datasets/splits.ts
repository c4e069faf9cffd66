import { ConflictError, NotFoundError, ParamsError, type Split, type SplitIndices, splitIndices, type Table } from "assay";
import { v7 as uuidv7 } from "uuid";
import { type SavedSplit, type SplitRequest, splitRequest } from "../contract/splits.ts";
import { transaction } from "../db/database.ts";
import type { RowOf } from "../db/row-of.ts";
import { authorize, type Session } from "../projects/session.ts";
import { type DatasetVersion, datasetVersion } from "./datasets.ts";
import { isUuid } from "./references.ts";
import { datasetTable } from "./tables.ts";

/** A saved split with the rows of its parts. */
export interface OpenSplit extends Split {
  readonly split: SavedSplit;
}

/** What the byte of a row says. */
const partNames = ["train", "validation", "test"] as const;

/**
 * Parts the rows of a dataset version and saves which row went where. Same seed, same rows. Throws ParamsError and DataError as `ml.split`,
 * ConflictError for a name that this version's splits have.
 */
export async function createSplit(session: Session, body: SplitRequest): Promise<SavedSplit> {
  await authorize(session, "write");
  const request = parse(body);
  const version = await datasetVersion(session, request.dataset_id);
  const table = await datasetTable(session, `${version.datasetId}@${version.version}`);
  const stratify = stratifyColumn(request);
  const { test_size: test, validation_size: validation, group, time, seed } = request;
  const recipe = { test, validation, stratify, group, time, seed };
  const indices = splitIndices(table, recipe);
  const id = uuidv7();
  await insertSplit(session, id, version, request.name ?? defaultName(recipe), recipe, toParts(indices, table.rows));
  return getSplit(session, id);
}

/** Carries a split over to a version whose rows are these of the split's (m), in their order. */
export async function carrySplit(
  session: Session,
  from: SavedSplit,
  indices: SplitIndices,
  to: DatasetVersion,
  rows: Int32Array,
): Promise<string> {
  const before = toParts(indices, from.train_samples + from.validation_samples + from.test_samples);
  const parts = Buffer.from(rows.map((i) => before[i]!));
  const id = uuidv7();
  await insertSplit(session, id, to, from.name, { ...from.recipe, carried_from: from.dataset }, parts);
  return id;
}

/** Splits of a dataset, of every version, newest first, at most 200. */
export async function listSplits(session: Session, ref: string): Promise<SavedSplit[]> {
  const { datasetId } = await datasetVersion(session, ref);
  const rows = await splitRows(session).where("s.dataset_id", "=", datasetId).orderBy("s.id", "desc").limit(200).execute();
  return rows.map(toSplit);
}

/** A saved split by its id. Throws NotFoundError. */
export async function getSplit(session: Session, id: string): Promise<SavedSplit> {
  const row = isUuid(id) ? await splitRows(session).where("s.id", "=", id).executeTakeFirst() : undefined;
  if (!row) throw new NotFoundError(`split: no split ${JSON.stringify(id.slice(0, 60))}`);
  return toSplit(row);
}

/** Row indices of a saved split's parts, ascending. */
export async function savedIndices(
  session: Session,
  id: string,
): Promise<{ readonly split: SavedSplit; readonly indices: SplitIndices }> {
  const split = await getSplit(session, id);
  const { parts } = await session.db.selectFrom("splits").select("parts").where("id", "=", id).executeTakeFirstOrThrow();
  const of = (part: number): Int32Array => {
    const rows: number[] = [];
    for (const [i, each] of parts.entries()) if (each === part) rows.push(i);
    return Int32Array.from(rows);
  };
  return { split, indices: { train: of(0), validation: of(1), test: of(2) } };
}

/** A saved split's rows, part by part. */
export async function openSplit(session: Session, id: string): Promise<OpenSplit> {
  const { split, indices } = await savedIndices(session, id);
  return partsOf(split, await datasetTable(session, `${split.dataset_id}@${split.version}`), indices);
}

/** Parts a table that holds the split's rows. Throws ConflictError where it has another number of rows. */
export function partsOf(split: SavedSplit, table: Table, indices: SplitIndices): OpenSplit {
  const rows = split.train_samples + split.validation_samples + split.test_samples;
  if (table.rows !== rows)
    throw new ConflictError(`split: ${split.name} is of ${rows} rows of ${split.dataset}, the table has ${table.rows}`);
  const part = (name: (typeof partNames)[number]): Table => table.take(indices[name]);
  return { split, indices, train: part("train"), validation: part("validation"), test: part("test") };
}

/** Removes a saved split; runs that were trained with it keep its indices. */
export async function deleteSplit(session: Session, id: string): Promise<void> {
  await authorize(session, "delete");
  await getSplit(session, id);
  await transaction(session.db, (db) => db.deleteFrom("splits").where("id", "=", id).execute());
}

async function insertSplit(
  session: Session,
  id: string,
  version: DatasetVersion,
  name: string,
  recipe: object,
  parts: Buffer,
): Promise<void> {
  const [train_rows, validation_rows, test_rows] = partNames.map((_, part) => parts.filter((each) => each === part).length);
  await session.db
    .insertInto("splits")
    .values({
      id,
      project_id: session.projectId,
      dataset_id: version.datasetId,
      dataset_version_id: version.id,
      content_hash: version.contentHash,
      name,
      recipe: JSON.stringify(recipe),
      parts,
      train_rows: train_rows!,
      validation_rows: validation_rows!,
      test_rows: test_rows!,
      created_by: session.userId,
    })
    .execute()
    .catch((error) => {
      if (error.code !== "23505") throw error;
      throw new ConflictError(`split: ${version.name}@${version.version} has a split named ${JSON.stringify(name)}`);
    });
}

function parse(body: SplitRequest) {
  const parsed = splitRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw Object.assign(new ParamsError(`split: ${issue.path.join(".")}: ${issue.message}`), { field: issue.path.join(".") });
}

function stratifyColumn({
  stratify,
  target_column,
}: {
  stratify: boolean | string;
  target_column?: string | undefined;
}): string | undefined {
  if (typeof stratify === "string") return stratify;
  if (stratify && target_column === undefined) throw new ParamsError("split: stratify by the target needs target_column");
  return stratify ? target_column : undefined;
}

function defaultName(recipe: {
  test: number;
  validation: number;
  seed: number;
  stratify?: string | undefined;
  group?: string | undefined;
  time?: string | undefined;
}): string {
  const percent = (share: number): string => String(Math.round(1000 * share) / 10);
  const shares = [1 - recipe.test - recipe.validation, recipe.validation, recipe.test].filter((share) => share > 0);
  const by = recipe.time ?? recipe.group ?? recipe.stratify;
  return `${shares.map(percent).join("/")}${by === undefined ? "" : ` by ${by}`}, seed ${recipe.seed}`;
}

function toParts(indices: SplitIndices, rows: number): Buffer {
  const parts = Buffer.alloc(rows);
  for (const [part, name] of partNames.entries()) for (const i of indices[name]) parts[i] = part;
  return parts;
}

function splitRows({ db, projectId }: Session) {
  return db
    .selectFrom("splits as s")
    .innerJoin("dataset_versions as v", "v.id", "s.dataset_version_id")
    .innerJoin("datasets as d", "d.id", "s.dataset_id")
    .leftJoin("users as u", "u.id", "s.created_by")
    .select(["s.id", "s.name", "s.dataset_id", "s.content_hash", "s.recipe", "s.created_at"])
    .select(["s.train_rows", "s.validation_rows", "s.test_rows", "v.version", "d.name as dataset_name", "u.username"])
    .where("s.project_id", "=", projectId);
}

function toSplit(row: RowOf<typeof splitRows>): SavedSplit {
  return {
    split_id: row.id,
    name: row.name,
    dataset_id: row.dataset_id,
    dataset: `${row.dataset_name}@${row.version}`,
    version: row.version,
    content_hash: row.content_hash,
    train_samples: row.train_rows,
    validation_samples: row.validation_rows,
    test_samples: row.test_rows,
    recipe: row.recipe,
    created_by: row.username,
    created_at: row.created_at.toISOString(),
  };
}
