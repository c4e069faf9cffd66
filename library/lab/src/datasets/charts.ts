import {
  ConflictError,
  DataError,
  type Figure,
  NotFoundError,
  ParamsError,
  plotBoxes,
  plotCorrelation,
  plotHistogram,
  plotMissing,
  plotScatter,
  plotScatterMatrix,
  suggest,
  type Table,
} from "assay";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { type ChartFigure, type ChartSpec, type ChartType, chartSpec, type SavedChart } from "../contract/charts.ts";
import type { RowOf } from "../db/row-of.ts";
import { authorize, type Session } from "../projects/session.ts";
import { datasetVersion } from "./datasets.ts";
import { outlierRows } from "./outlier-rows.ts";
import { checkName, isUuid } from "./references.ts";
import { sharedTable } from "./tables.ts";

type Chart = z.output<typeof chartSpec>;

/** Saves what a chart of a dataset shows; it is drawn from the rows when it is asked for. Throws ConflictError for a taken name. */
export async function saveChart(session: Session, ref: string, name: string, spec: ChartSpec): Promise<SavedChart> {
  await authorize(session, "write");
  const chart = parseChart(spec);
  const { datasetId, columns } = await datasetVersion(session, ref);
  checkColumns(
    chart,
    columns.map((column) => column.name),
  );
  const id = uuidv7();
  await session.db
    .insertInto("charts")
    .values({
      id,
      project_id: session.projectId,
      dataset_id: datasetId,
      name: checkName(name),
      type: chart.type,
      configuration: JSON.stringify(chart.configuration),
      created_by: session.userId,
    })
    .execute()
    .catch((error) => {
      if (error.code === "23505") throw new ConflictError(`chart: the name ${JSON.stringify(name)} is taken`);
      throw error;
    });
  return getChart(session, id);
}

/** Charts of a dataset by name, at most 200. */
export async function listCharts(session: Session, ref: string): Promise<SavedChart[]> {
  const { datasetId } = await datasetVersion(session, ref);
  const rows = await chartRows(session).where("c.dataset_id", "=", datasetId).orderBy("c.name").limit(200).execute();
  return rows.map(toChart);
}

/** A saved chart by its id. Throws NotFoundError. */
export async function getChart(session: Session, id: string): Promise<SavedChart> {
  const row = isUuid(id) ? await chartRows(session).where("c.id", "=", id).executeTakeFirst() : undefined;
  if (!row) throw new NotFoundError(`chart: no chart ${JSON.stringify(id.slice(0, 60))}`);
  return toChart(row);
}

/** Removes a saved chart. */
export async function deleteChart(session: Session, id: string): Promise<void> {
  await authorize(session, "delete");
  await getChart(session, id);
  await session.db.deleteFrom("charts").where("id", "=", id).execute();
}

/** Draws a chart from a dataset version's rows. */
export async function drawChart(session: Session, ref: string, spec: ChartSpec): Promise<Omit<ChartFigure, "status">> {
  const chart = parseChart(spec);
  const { version, table } = await sharedTable(session, ref);
  checkColumns(chart, table.names);
  const base = { version: version.version, sampled: table.rows };
  if (chart.type === "outliers") return { ...base, figure: null, table: outlierRows(table, chart.configuration) };
  const figure = JSON.parse(JSON.stringify(figureOf(table, chart)));
  return { ...base, figure, table: null };
}

function figureOf(table: Table, chart: Exclude<Chart, { type: "outliers" }>): Figure {
  switch (chart.type) {
    case "histogram": {
      const { column, ...options } = chart.configuration;
      return plotHistogram(table, column, options);
    }
    case "box":
      return plotBoxes(table, chart.configuration.columns, chart.configuration);
    case "scatter":
      return plotScatter(table, chart.configuration.x, chart.configuration.y, chart.configuration);
    case "scatter_matrix":
      return plotScatterMatrix(table, chart.configuration.columns, chart.configuration);
    case "correlation":
      return plotCorrelation(table, chart.configuration.columns);
    case "missing":
      return plotMissing(table, chart.configuration.columns);
  }
}

function parseChart(spec: ChartSpec): Chart {
  const parsed = chartSpec.safeParse(spec);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw Object.assign(new ParamsError(`chart: ${issue.path.join(".")}: ${issue.message}`), { field: issue.path.join(".") });
}

function checkColumns({ configuration }: Chart, names: readonly string[]): void {
  const { column, columns, by, x, y } = configuration as Record<string, string | string[] | undefined>;
  for (const name of [column, columns, by, x, y].flat())
    if (name !== undefined && !names.includes(name)) throw new DataError(`chart: no column "${name}"${suggest(name, names)}`);
}

function chartRows({ db, projectId }: Session) {
  return db
    .selectFrom("charts as c")
    .leftJoin("users as u", "u.id", "c.created_by")
    .select(["c.id", "c.name", "c.type", "c.configuration", "c.created_at", "u.username"])
    .where("c.project_id", "=", projectId);
}

function toChart(row: RowOf<typeof chartRows>): SavedChart {
  return {
    chart_id: row.id,
    name: row.name,
    type: row.type as ChartType,
    configuration: row.configuration,
    created_by: row.username,
    created_at: row.created_at.toISOString(),
  };
}
