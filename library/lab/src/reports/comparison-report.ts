import { plotConfusion } from "assay";
import type { CompareRequest } from "../contract/compare.ts";
import type { Session } from "../projects/session.ts";
import { compareRuns, comparisonFigures, type RunComparison } from "../tracking/index.ts";
import { boundedTable, leftOut, type PlainFigure, type Report, type ReportBlock, type ReportCell } from "./report.ts";
import { asCell } from "./shown-text.ts";

type Block = ReportBlock<PlainFigure>;

/** Runs up to which each has a column; beyond, each has a row. */
const columnsMost = 6;

/** Runs side by side: what differs, metrics against the baseline, figures. */
export async function comparisonReport(session: Session, request: readonly string[] | CompareRequest): Promise<Report> {
  return reportOfComparison(await compareRuns(session, request));
}

/** The report of a comparison that was made. */
export function reportOfComparison(comparison: RunComparison): Report {
  const { runs, baseline, params } = comparison;
  const base = runs.find(({ id }) => id === baseline)!;
  const differing = params.filter(({ differs }) => differs);
  const { figures, leftOut: notDrawn } = comparisonFigures(comparison);
  const isSmall = ({ data, layout }: PlainFigure["figure"]): boolean =>
    Number(layout["height"] ?? 380) <= 380 && data.every(({ type }) => type !== "parcoords");
  const small = figures.filter(({ figure }) => isSmall(figure));
  const large = figures.filter((each) => !small.includes(each));
  const left = [...comparison.left_out, ...notDrawn];
  return {
    title: `Comparison of ${runs.length} runs`,
    subtitle: `of ${[...new Set(runs.map(({ experiment }) => experiment))].slice(0, 5).join(", ")}`,
    madeAt: new Date().toISOString(),
    wide: true,
    facts: [
      ["runs", runs.length],
      ["baseline", base.name],
      ["datasets", [...new Set(runs.map(({ dataset }) => dataset ?? "–"))].slice(0, 10).join(", ")],
      ["the same in all", `${params.length - differing.length} of ${params.length} parameters`],
    ],
    sections: [
      { title: "Runs", blocks: runsOf(comparison) },
      {
        title: "Metrics",
        blocks: [
          ...sideBySide(comparison, "Values", valueRows(comparison)),
          ...sideBySide(comparison, "Difference from the baseline", deltaRows(comparison)),
        ],
      },
      { title: "Significance", blocks: significanceOf(comparison) },
      {
        title: "What differs",
        blocks: sideBySide(
          comparison,
          "Parameters, data and environment",
          differing.map(({ name, values }) => [name, ...values.map(asCell)]),
        ),
      },
      {
        title: "Figures",
        blocks: [
          { kind: "figures", columns: 3, figures: small },
          { kind: "figures", columns: 1, figures: large },
        ],
      },
      { title: "Confusion", blocks: confusionOf(comparison) },
      { title: "Left out", blocks: left.length > 0 ? [leftOut(...left)] : [] },
    ],
  };
}

function runsOf({ runs, baseline }: RunComparison): Block[] {
  const rows = runs.map((run, k) => [
    `${k + 1} ${run.name}`,
    run.experiment,
    run.algorithm,
    run.status,
    run.dataset,
    run.created_at.slice(0, 19).replace("T", " "),
    run.id === baseline ? "baseline" : null,
  ]);
  return boundedTable("The runs by number", ["run", "experiment", "algorithm", "status", "dataset", "created", ""], rows, 500);
}

function valueRows({ metrics }: RunComparison): ReportCell[][] {
  return metrics.map(({ name, values, spread, best }) => [
    name,
    ...values.map((value, k) => {
      const own = spread[k];
      const text =
        own && typeof value === "number" ? `${Number(value.toPrecision(4))} ± ${Number(own.sd.toPrecision(2))}` : value;
      return k === best && text !== null ? `${typeof text === "number" ? Number(text.toPrecision(4)) : text} (best)` : text;
    }),
  ]);
}

function deltaRows({ metrics }: RunComparison): ReportCell[][] {
  const signed = (delta: number | null): ReportCell =>
    delta === null ? null : `${delta > 0 ? "+" : ""}${Number(delta.toPrecision(4))}`;
  return metrics.filter(({ differs }) => differs).map(({ name, deltas }) => [name, ...deltas.map(signed)]);
}

/** Rows of one value a run: a column a run where they are few, else turned, a row a run. */
function sideBySide({ runs }: RunComparison, caption: string, rows: readonly (readonly ReportCell[])[]): Block[] {
  if (rows.length === 0) return [];
  const heads = runs.map(({ name }, k) => `${k + 1} ${name}`);
  if (runs.length <= columnsMost) return boundedTable(caption, ["", ...heads], rows);
  const kept = rows.slice(0, 40);
  const turned = runs.map((_, k) => [heads[k]!, ...kept.map((row) => row[k + 1] ?? null)]);
  const left =
    rows.length > kept.length ? [leftOut(`${rows.length - kept.length} of ${rows.length} columns of “${caption}”`)] : [];
  return [...boundedTable(caption, ["run", ...kept.map((row) => String(row[0]))], turned, 500), ...left];
}

function significanceOf({ runs, metrics, baseline }: RunComparison): Block[] {
  const tested = metrics.filter(({ significance }) => significance.some((each) => each !== null));
  const rows = tested.flatMap(({ name, significance, deltas }) =>
    significance.flatMap((each, k): ReportCell[][] =>
      each === null
        ? []
        : [
            [
              `${k + 1} ${runs[k]!.name}`,
              name,
              deltas[k]!,
              each.p,
              each.reason ?? (each.p! < 0.05 ? "differs" : "within chance"),
            ],
          ],
    ),
  );
  if (rows.length === 0) return [];
  const base = runs.findIndex(({ id }) => id === baseline) + 1;
  return [
    {
      kind: "text",
      lines: [
        `Against run ${base}, by the corrected resampled t-test on the same folds (Nadeau and Bengio, 2003). With many runs some p fall below 0.05 by chance.`,
      ],
    },
    ...boundedTable("Tests", ["run", "metric", "difference", "p", ""], rows, 300),
  ];
}

function confusionOf({ runs, confusion }: RunComparison): Block[] {
  if (!confusion) return [];
  const shown = confusion.runs.filter(({ counts }) => counts !== null).slice(0, 6);
  const figures = shown.map(({ run_id, counts }) => {
    const place = runs.findIndex(({ id }) => id === run_id);
    return { title: `${place + 1} ${runs[place]!.name}`, figure: plotConfusion({ labels: confusion.labels, counts: counts! }) };
  });
  const more = confusion.runs.length - shown.length;
  return [{ kind: "figures", columns: 3, figures }, ...(more > 0 ? [leftOut(`confusion matrices of ${more} runs`)] : [])];
}
