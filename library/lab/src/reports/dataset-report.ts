import { type Figure, figure, type Profile, palette, profile } from "assay";
import { getDataset, sharedTable } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";
import { boundedTable, leftOut, type PlainFigure, type Report, type ReportBlock } from "./report.ts";
import { asCell } from "./shown-text.ts";

type ColumnProfile = Profile["columns"][number];

/** Columns whose charts are drawn, and whose figures are listed. */
const chartsMost = 60;
const columnsMost = 500;

/** A dataset version: its columns with charts, alerts, steps and versions. Throws NotFoundError, ConflictError for one that is not ready. */
export async function datasetReport(session: Session, ref: string): Promise<Report> {
  const info = await getDataset(session, ref);
  const { table } = await sharedTable(session, ref);
  const target = info.target_column !== null && table.names.includes(info.target_column) ? info.target_column : undefined;
  const found = profile(table, target === undefined ? {} : { target });
  const version = info.versions.find((each) => each.version === info.version);
  return {
    title: `${info.name}@${info.version}`,
    subtitle: "Dataset",
    madeAt: new Date().toISOString(),
    wide: true,
    facts: (
      [
        ["rows", found.rows],
        ["columns", found.columns.length],
        ["target", info.target_column],
        ["description", info.description || null],
        ["file", info.file_name],
        ["duplicate rows", found.duplicateRows],
        ["figures of", found.sampled < found.rows ? `a sample of ${found.sampled} rows` : null],
        ["content", info.content_hash],
        ["created", info.created_at],
      ] as const
    ).filter(([, value]) => value !== null),
    sections: [
      { title: "Alerts", blocks: alertsOf(found) },
      { title: "Columns", blocks: columnsOf(found) },
      { title: "Distributions", blocks: chartsOf(found) },
      { title: "Correlation", blocks: correlationOf(found) },
      {
        title: "Steps of this version",
        blocks: boundedTable(
          "Steps, in order",
          ["step", "settings"],
          (version?.steps ?? []).map(({ step, ...settings }) => [step, asCell(settings)]),
        ),
      },
      {
        title: "Versions",
        blocks: boundedTable(
          "Newest first",
          ["version", "origin", "rows", "columns", "made by", "created", "note"],
          info.versions.map((each) => [
            `${each.version}`,
            each.origin,
            each.rows,
            each.columns,
            each.created_by,
            each.created_at.slice(0, 19),
            each.note,
          ]),
          50,
        ),
      },
    ],
  };
}

function alertsOf({ alerts }: Profile): ReportBlock<PlainFigure>[] {
  return boundedTable(
    `${alerts.length} alerts`,
    ["kind", "what"],
    alerts.map(({ kind, message }) => [kind.replaceAll("_", " "), message]),
    100,
  );
}

function columnsOf({ columns }: Profile): ReportBlock<PlainFigure>[] {
  const rows = columns.map((column) => [
    column.name,
    column.kind,
    column.missing,
    column.distinct,
    asCell(column.mean),
    asCell(column.sd),
    asCell(column.min),
    asCell(column.quantiles?.q50),
    asCell(column.max),
    column.histogram
      ? null
      : column.top
          .slice(0, 4)
          .map(({ value, count }) => `${value} (${count})`)
          .join(", "),
  ]);
  const head = ["column", "kind", "missing", "distinct", "mean", "sd", "least", "median", "greatest", "most frequent"];
  return boundedTable("Figures by column", head, rows, columnsMost);
}

function chartsOf({ columns }: Profile): ReportBlock<PlainFigure>[] {
  const figures = columns.slice(0, chartsMost).flatMap((column) => {
    const drawn = chartOf(column);
    return drawn ? [{ title: column.name, figure: drawn }] : [];
  });
  const more = columns.length - chartsMost;
  return [
    { kind: "figures", columns: 3, figures },
    ...(more > 0 ? [leftOut(`charts of ${more} columns behind the first ${chartsMost}`)] : []),
  ];
}

/** A histogram of numbers and instants, bars of the most frequent values of the others. */
function chartOf({ name, histogram, top }: ColumnProfile): Figure | undefined {
  const marker = { color: palette[0] };
  if (histogram && histogram.counts.length > 0) {
    const { edges, counts } = histogram;
    const x = counts.map((_, k) => {
      const [low, high] = [edges[k]!, edges[k + 1]!];
      return typeof low === "number" && typeof high === "number" ? (low + high) / 2 : String(low).slice(0, 10);
    });
    return figure(name, [{ type: "bar", x, y: counts, marker }], { showlegend: false });
  }
  const bars = top.slice(0, 8).toReversed();
  if (bars.length === 0) return undefined;
  const labels = bars.map(({ value }) => String(value));
  const trace = { type: "bar", orientation: "h", y: labels, x: bars.map(({ count }) => count), marker };
  return figure(name, [trace], { showlegend: false, yaxis: { type: "category", automargin: true } });
}

/** The pairs of number columns that follow each other most. */
function correlationOf({ correlation: { names, values } }: Profile): ReportBlock<PlainFigure>[] {
  const pairs = names.flatMap((name, a) =>
    names.slice(0, a).flatMap((other, b) => {
      const r = values[a]![b];
      return r === null || r === undefined ? [] : [[name, other, r] as const];
    }),
  );
  pairs.sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]));
  return boundedTable("Pearson's r, the strongest first", ["column", "with", "r"], pairs.slice(0, 30));
}
