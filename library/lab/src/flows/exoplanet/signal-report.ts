import { DataError, type Table } from "assay";
import type { SignalProblem, SignalReport } from "../../contract/exoplanet.ts";
import { type Disposition, dispositions, type TableFormat } from "./columns.ts";
import type { ReadSignals } from "./read-signals.ts";

/** Problems that are listed one by one. */
const listedMost = 100;
/** Signals of one class, and stars, that a training needs to be split at all. */
const signalsLeast = 10;

/** What became of a file's rows: how many remain, which rules were broken how often and where, which columns were left behind. */
export function reportOf(
  { table: whole, fileName }: ReadSignals,
  { name, columns, stars, label, leaky }: TableFormat,
  table: Table,
  labels: readonly Disposition[],
  problems: readonly SignalProblem[],
): SignalReport {
  const used = new Set<string>([...Object.values(columns).filter((each) => each !== undefined), label, ...stars]);
  const others = whole.names.filter((each) => !used.has(each));
  const rejects = whole.rejects.map(
    ({ line, reason }) => ({ line, column: null, value: null, rule: "fields", message: reason }) as const,
  );
  const all = [...rejects, ...problems];
  const counted = Map.groupBy(all, ({ rule, column }) => `${rule} ${column}`);
  return {
    format: name,
    file_name: fileName,
    rows_read: whole.rows + rejects.length,
    rows_kept: table.rows,
    rules: [...counted.values()]
      .map((list) => ({
        rule: list[0]!.rule,
        column: list[0]!.column,
        rows: list.length,
        message: list[0]!.message,
        first_line: list[0]!.line,
      }))
      .sort((a, b) => b.rows - a.rows),
    problems: all.toSorted((a, b) => a.line - b.line).slice(0, listedMost),
    classes: Object.fromEntries(dispositions.map((each) => [each, labels.filter((found) => found === each).length])),
    stars: new Set(table.values("star")).size,
    leaky_columns: others.filter((each) => leaky.test(each)),
    ignored_columns: others.filter((each) => !leaky.test(each)),
    assumed: [
      ...(columns.impact === undefined
        ? ["impact: derived from period, duration, depth and the star's density, for a circular orbit"]
        : []),
      ...(columns.snr === undefined ? ["snr: not in this table, taken as the median of the training rows"] : []),
      ...(whole.names.some((each) => stars.includes(each))
        ? []
        : ["star: rows of equal steff, srad, slogg and tmag are of one star"]),
    ],
  };
}

/** Throws DataError, with the first problem, where too little remains to be split by star and trained on. */
export function refuseTooFew({ rows_kept, rows_read, classes, rules, stars, problems }: SignalReport, fileName: string): void {
  const first = problems[0];
  const got = first?.column == null ? "" : `, got ${JSON.stringify(first.value)}`;
  const why = first ? `; the first problem is in line ${first.line}: ${first.message}${got}` : "";
  const scarce = Object.entries(classes).find(([, count]) => count < signalsLeast);
  if (scarce)
    throw Object.assign(
      new DataError(
        `exoplanets: needs ${signalsLeast} rows of each label, ${scarce[1]} of ${scarce[0]} remain of ${rows_read} rows${why} (${fileName})`,
      ),
      { field: rules[0]?.column ?? undefined },
    );
  if (stars < signalsLeast)
    throw new DataError(`exoplanets: needs ${signalsLeast} stars to split by, ${rows_kept} rows are of ${stars} (${fileName})`);
}
