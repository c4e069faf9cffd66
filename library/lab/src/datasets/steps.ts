import {
  ConflictError,
  fitApplySteps,
  NotFoundError,
  ParamsError,
  previewSteps,
  type Recipe,
  recipeFrom,
  type SplitIndices,
  type StepInput,
  stepsToCell,
} from "assay";
import type { z } from "zod";
import type { Step } from "../contract/datasets.ts";
import type { SavedSplit } from "../contract/splits.ts";
import type { cleanRequest, StepPreview, TransformRequest } from "../contract/steps.ts";
import { authorize, type Session } from "../projects/session.ts";
import { type DatasetVersion, datasetVersion, getDataset } from "./datasets.ts";
import { carrySplit, savedIndices } from "./splits.ts";
import { datasetTable, sharedTable } from "./tables.ts";
import { addVersion } from "./versions.ts";

/** What steps made of a dataset version. */
interface Transformed {
  /** id@version. */
  readonly ref: string;
  readonly version: number;
  readonly originalRows: number;
  readonly rows: number;
  readonly steps: readonly Step[];
  /** The split, over the rows that are left. */
  readonly splitId: string | null;
}

/**
 * Makes a dataset's next version by cleaning steps: fitted on the version's rows (with a split on its training rows alone), or taken as another
 * version's fit left them. What they learnt is stored with the version; the split is carried over. Throws as `ml.fitSteps`.
 */
export async function transformDataset(
  session: Session,
  { dataset_id, steps, recipe_of, split_id, note }: TransformRequest,
): Promise<Transformed> {
  await authorize(session, "write");
  if ((steps === undefined) === (recipe_of === undefined))
    throw new ParamsError("transform: needs either steps or recipe_of, a version that steps made");
  const version = await datasetVersion(session, dataset_id);
  const table = await datasetTable(session, `${version.datasetId}@${version.version}`);
  const split = split_id === undefined ? undefined : await splitOf(session, split_id, version);
  const options = { target: await targetOf(session, version), rows: split?.indices.train };
  const recipe = recipe_of === undefined ? undefined : await recipeOf(session, recipe_of);
  const all = Int32Array.from({ length: table.rows }, (_, i) => i);
  const made = recipe
    ? { recipe, table: await recipe.apply(table), rows: all }
    : await fitApplySteps(table, steps as StepInput[], options);
  const fitted = made.recipe.steps.map(({ step }) => step as Step);
  const next = await addVersion(session, version.datasetId, made.table, {
    origin: "steps",
    parentId: version.id,
    steps: fitted,
    recipe: made.recipe,
    note,
  });
  const ref = `${version.datasetId}@${next}`;
  const carried = split && made.rows.length === made.table.rows;
  const splitId = carried
    ? await carrySplit(session, split.split, split.indices, await datasetVersion(session, ref), made.rows)
    : null;
  return { ref, version: next, originalRows: table.rows, rows: made.table.rows, steps: fitted, splitId };
}

/** The most usual steps in few words: markers to missing, outliers, missing cells. */
export async function cleanDataset(session: Session, request: z.output<typeof cleanRequest>): Promise<Transformed> {
  const { columns } = await datasetVersion(session, request.dataset_id);
  const numbers = columns.filter(({ kind }) => kind === "number").map(({ name }) => name);
  const named = request.columns && { columns: request.columns };
  const steps: Step[] = [];
  if (request.missing_markers) steps.push({ step: "replace_markers", ...named, markers: request.missing_markers });
  if (request.outlier_method !== "none") {
    const of = request.columns?.filter((name) => numbers.includes(name));
    const [low, high] = request.outlier_range ?? [];
    const bounds = request.outlier_method === "range" ? { low, high } : { k: request.outlier_threshold };
    const { outlier_method: method, outlier_action: action } = request;
    steps.push({ step: "outliers", ...(of && of.length > 0 && { columns: of }), method, action, ...bounds });
  }
  const { missing_strategy: strategy, fill_value } = request;
  if (strategy === "drop") steps.push({ step: "drop_missing", ...named });
  else if (strategy !== "none")
    steps.push({ step: "impute", ...named, strategy, ...(fill_value !== undefined && { value: fill_value }) });
  if (steps.length === 0)
    throw new ParamsError("clean: nothing to do: name a missing_strategy, missing_markers or an outlier_method");
  return transformDataset(session, { dataset_id: request.dataset_id, steps });
}

/** What the last of these steps does to a dataset version: rows touched, columns before and after. Nothing is stored. */
export async function previewLastStep(
  session: Session,
  {
    dataset_id,
    steps,
    split_id,
  }: { readonly dataset_id: string; readonly steps: readonly Step[]; readonly split_id?: string | undefined },
): Promise<StepPreview> {
  const { version, table } = await sharedTable(session, dataset_id);
  const split = split_id === undefined ? undefined : await splitOf(session, split_id, version);
  const options = { target: await targetOf(session, version), rows: split?.indices.train };
  const report = (await previewSteps(table, steps as StepInput[], options)).at(-1)!;
  const names = [...new Set([...report.after, ...report.before].map(({ name }) => name))];
  const side = (profiles: typeof report.before, name: string) => profiles.find((column) => column.name === name) ?? null;
  const preview = {
    rows: [report.rowsBefore, report.rowsAfter],
    rows_touched: report.rowsTouched,
    cells_touched: report.cellsTouched,
    examples: report.examples,
    columns: names.map((name) => ({ name, before: side(report.before, name), after: side(report.after, name) })),
    changed_columns: report.changed.length + report.added.length + report.removed.length,
  };
  return JSON.parse(JSON.stringify(preview));
}

/** Steps over a dataset version as the text of a cell. */
export async function writeCell(
  session: Session,
  { dataset_id, steps }: { readonly dataset_id: string; readonly steps: readonly Step[] },
): Promise<string> {
  const version = await datasetVersion(session, dataset_id);
  const target = await targetOf(session, version);
  const [imports, ...rest] = stepsToCell(steps as StepInput[], target === undefined ? {} : { target }).split("\n");
  const open = [
    'import { connect } from "assay-lab";',
    "",
    "const lab = await connect();",
    `const table = await lab.datasets.table(${JSON.stringify(`${version.name}@${version.version}`)});`,
  ];
  return [imports, ...open, ...rest.slice(1)].join("\n");
}

/** What fitting a version's steps learnt, to be applied to new rows. Throws NotFoundError for a version that no steps made. */
export async function recipeOf(session: Session, ref: string): Promise<Recipe> {
  const { id, name, version } = await datasetVersion(session, ref);
  const { recipe } = await session.db
    .selectFrom("dataset_versions")
    .select("recipe")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  if (recipe === null) throw new NotFoundError(`dataset: ${name}@${version} was not made by steps`);
  return recipeFrom(recipe);
}

/** The dataset's target, where the version has that column. */
async function targetOf(session: Session, { datasetId, columns }: DatasetVersion): Promise<string | undefined> {
  const { target_column } = await getDataset(session, datasetId);
  return columns.find(({ name }) => name === target_column)?.name;
}

/** A saved split of this version's rows. Throws ConflictError for one of other rows. */
async function splitOf(
  session: Session,
  id: string,
  version: DatasetVersion,
): Promise<{ readonly split: SavedSplit; readonly indices: SplitIndices }> {
  const found = await savedIndices(session, id);
  if (found.split.dataset_id === version.datasetId && found.split.content_hash === version.contentHash) return found;
  throw Object.assign(
    new ConflictError(
      `steps: split "${found.split.name}" is of ${found.split.dataset}, not of ${version.name}@${version.version}`,
    ),
    { field: "split_id" },
  );
}
