import { type Figure, figure, palette } from "assay";
import type { EtlCheck, EtlPrivacy, EtlStepState } from "../../contract/etl.ts";
import { drawReport, type Report, reportHtml } from "../../reports/index.ts";
import { datasetColumns } from "./columns.ts";
import { type Bars, type DatasetFigures, drawnColumns } from "./dataset-figures.ts";
import type { EtlPlan, EtlProblem } from "./steps/step.ts";

/** What the quality report tells. */
interface ReportedDataset {
  readonly version: string;
  readonly plan: EtlPlan;
  readonly figures: DatasetFigures;
  readonly sizes: Readonly<Record<"train" | "test", number>>;
  readonly checks: readonly EtlCheck[];
  readonly privacy: EtlPrivacy;
  readonly problems: readonly EtlProblem[];
  readonly steps: readonly EtlStepState[];
}

type Section = Report["sections"][number];

/** The quality report of a dataset: one HTML file with drawn charts that needs nothing from elsewhere. */
export function qualityReport(dataset: ReportedDataset): string {
  const { version, plan, figures, checks, privacy } = dataset;
  const failed = checks.filter(({ passed }) => !passed);
  return reportHtml(
    drawReport({
      title: `Recommendation dataset ${version}`,
      subtitle: `Quality report · ${failed.length === 0 ? "every check passed" : `${failed.length} of ${checks.length} checks failed`} · ${privacy.word}`,
      madeAt: new Date().toISOString(),
      wide: true,
      facts: [
        [
          "window",
          `${plan.from.toISOString().slice(0, 10)} to ${plan.until.toISOString().slice(0, 10)}, ${plan.window_days} days`,
        ],
        ["train rows", figures.rows.train],
        ["test rows", figures.rows.test],
        ["columns", datasetColumns.length],
        ["people", privacy.people],
        ["people's data", privacy.word],
      ],
      sections: [
        checksSection(checks),
        privacySection(privacy),
        distributions(figures),
        bookings(figures),
        missing(figures),
        statistics(figures),
        problemsSection(dataset.problems),
        stepsSection(dataset.steps),
        columnsSection(),
      ],
    }),
  );
}

function checksSection(checks: readonly EtlCheck[]): Section {
  const rows = checks.map(({ name, passed, figure, bound, message }) => [name, passed ? "pass" : "FAIL", figure, bound, message]);
  return {
    title: "Checks",
    blocks: [{ kind: "table", caption: "What the dataset must be", head: ["check", "outcome", "figure", "bound", "what"], rows }],
  };
}

function privacySection(privacy: EtlPrivacy): Section {
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return {
    title: "Privacy",
    blocks: [
      {
        kind: "text",
        lines: [
          `The data are ${privacy.word}: a keyed hash stands for each user's id, names and addresses were never read.${
            privacy.word === "pseudonymised"
              ? " They are not anonymous: a measure below does not pass, so they stay people's data."
              : ""
          }`,
        ],
      },
      {
        kind: "table",
        caption: "How far the data are from naming people",
        head: ["measure", "figure", "passes where", "what it says"],
        rows: [
          ["k-anonymity", privacy.k, `k ≥ ${privacy.k_wanted}`, "the fewest people with the same age group, region and segment"],
          ["generalised people", privacy.generalised, null, "whose region or age group became “other” so that k is reached"],
          ["people left out", privacy.suppressed, null, "who were still too few"],
          [
            "singling out",
            share(privacy.singling_out),
            "≤ 5 %",
            "people whom their attributes, vectors to two digits among them, single out",
          ],
          [
            "linkage",
            share(privacy.linkage),
            "≤ 5 %",
            `people whom two of their interactions (item and day) lead to, of ${privacy.measured_on} measured`,
          ],
        ],
      },
    ],
  };
}

function bars(title: string, { names, train, test }: Bars): { readonly title: string; readonly figure: Figure } {
  const shares = (counts: readonly number[]): number[] => {
    const sum = Math.max(
      1,
      counts.reduce((total, n) => total + n, 0),
    );
    return counts.map((n) => n / sum);
  };
  const traces = [
    { type: "bar", name: "train", x: names, y: shares(train), marker: { color: palette[0] } },
    { type: "bar", name: "test", x: names, y: shares(test), marker: { color: palette[1] } },
  ];
  return {
    title,
    figure: figure(title, traces, {
      barmode: "group",
      xaxis: { type: "category", automargin: true },
      yaxis: { title: { text: "share" } },
    }),
  };
}

function distributions({ bars: found }: DatasetFigures): Section {
  return {
    title: "Distributions",
    blocks: [{ kind: "figures", columns: 2, figures: drawnColumns.map((name) => bars(name, found.get(name)!)) }],
  };
}

function bookings({ bookingByWeek, bookingRate, shownBookingRate, sampledRows }: DatasetFigures): Section {
  const line = {
    type: "scatter",
    mode: "lines+markers",
    name: "booking rate",
    x: bookingByWeek.map(({ week }) => week),
    y: bookingByWeek.map(({ rate }) => rate),
    marker: { color: palette[2] },
  };
  return {
    title: "Booking rate",
    blocks: [
      {
        kind: "text",
        lines: [
          `${(100 * bookingRate).toFixed(2)} % of all rows are booked, ${(100 * shownBookingRate).toFixed(2)} % of those that were shown; ${sampledRows} rows were drawn among items that were not shown.`,
        ],
      },
      {
        kind: "figures",
        columns: 1,
        figures: [
          {
            title: "Booking rate by week, shown rows",
            figure: figure("Booking rate by week, shown rows", [line], {
              showlegend: false,
              xaxis: { type: "category" },
              yaxis: { title: { text: "rate" }, rangemode: "tozero" },
            }),
          },
        ],
      },
    ],
  };
}

function missing({ columns, rows }: DatasetFigures): Section {
  const shares = [...columns]
    .map(([name, { train, test }]) => [name, (train.missing + test.missing) / (rows.train + rows.test)] as const)
    .filter(([, share]) => share > 0);
  if (shares.length === 0) return { title: "Missing by column", blocks: [{ kind: "text", lines: ["No cell is missing."] }] };
  const sorted = shares.toSorted((a, b) => a[1] - b[1]);
  const trace = {
    type: "bar",
    orientation: "h",
    y: sorted.map(([name]) => name),
    x: sorted.map(([, share]) => share),
    marker: { color: palette[3] },
  };
  return {
    title: "Missing by column",
    blocks: [
      { kind: "text", lines: ["Columns that are not named have no missing cell."] },
      {
        kind: "figures",
        columns: 1,
        figures: [
          {
            title: "Share of missing cells",
            figure: figure("Share of missing cells", [trace], {
              showlegend: false,
              yaxis: { type: "category", automargin: true },
            }),
          },
        ],
      },
    ],
  };
}

function statistics({ columns, drift }: DatasetFigures): Section {
  const rows = [...columns].map(([name, { train, test }]) => [
    name,
    train.missing,
    test.missing,
    train.mean,
    test.mean,
    train.sd,
    test.sd,
    train.least,
    train.greatest,
    drift.get(name) ?? null,
    moved(drift.get(name)),
  ]);
  return {
    title: "Train and test",
    blocks: [
      {
        kind: "table",
        caption: "Columns of both sides; drift is the population stability index from train to test",
        head: [
          "column",
          "missing, train",
          "missing, test",
          "mean, train",
          "mean, test",
          "sd, train",
          "sd, test",
          "least",
          "greatest",
          "drift",
          "what it says",
        ],
        rows,
      },
    ],
  };
}

function moved(index: number | undefined): string | null {
  if (index === undefined) return null;
  return index < 0.1 ? "little" : index < 0.25 ? "somewhat" : "much";
}

function problemsSection(problems: readonly EtlProblem[]): Section {
  return {
    title: "Cleaning",
    blocks: [
      {
        kind: "table",
        caption: "What was wrong in the source, and what became of it",
        head: ["problem", "rows", "done"],
        rows: problems.map(({ problem, rows, done }) => [problem, rows, done]),
      },
    ],
  };
}

function stepsSection(steps: readonly EtlStepState[]): Section {
  const rows = steps.map(({ step, name, rows, elapsed_ms }) => [
    `${step} ${name}`,
    Object.entries(rows)
      .map(([table, count]) => `${table} ${count.toLocaleString("en")}`)
      .join(", "),
    elapsed_ms === null ? null : elapsed_ms / 1000,
  ]);
  return { title: "Steps", blocks: [{ kind: "table", caption: "The ten steps", head: ["step", "rows", "seconds"], rows }] };
}

function columnsSection(): Section {
  const rows = datasetColumns.map(({ name, type, unit, range, required, description }) => [
    name,
    type,
    unit,
    range === null ? null : typeof range[0] === "number" ? `${range[0]} to ${range[1]}` : range.join(", "),
    required ? "yes" : "no",
    description,
  ]);
  return {
    title: "Columns",
    blocks: [
      {
        kind: "table",
        caption: `${datasetColumns.length} columns`,
        head: ["column", "type", "unit", "range", "required", "what it is"],
        rows,
      },
    ],
  };
}
