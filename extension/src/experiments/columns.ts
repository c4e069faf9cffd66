import type { TranslationBundle } from "@jupyterlab/translation";
import type { Run, RunColumns } from "assay-lab/contract";
import { formatAlgorithm, formatDuration, formatInstant, formatMetric, formatValue } from "../elements/format";

/** Groups of the column picker. */
export type ColumnGroup = "run" | "metrics" | "params" | "tags";

/** A column that the table can show. */
export interface RunColumn {
  /** As the filter grammar names it: `name`, `metrics.test.accuracy`, `params.max_depth`, `tags.team`. */
  id: string;
  title: string;
  group: ColumnGroup;
  /** Pixels before the reader changes it. */
  width: number;
  numeric: boolean;
  sortable: boolean;
  /** What a cell reads in one line. */
  text(run: Run, digits: number): string;
}

const widths: Readonly<Record<Exclude<ColumnGroup, "run">, number>> = { metrics: 128, params: 116, tags: 110 };

/** The columns that every run has. */
function fixedColumns(trans: TranslationBundle): RunColumn[] {
  const define = (id: string, title: string, width: number, text: (run: Run) => string, numeric = false): RunColumn => ({
    id,
    title,
    group: "run",
    width,
    numeric,
    sortable: id !== "tags",
    text,
  });
  return [
    define("status", trans.__("Status"), 140, ({ status }) => status),
    define("name", trans.__("Name"), 204, ({ name }) => name),
    define("experiment", trans.__("Experiment"), 130, ({ experiment }) => experiment),
    define("algorithm", trans.__("Algorithm"), 150, formatAlgorithm),
    define("dataset", trans.__("Dataset"), 130, ({ dataset }) => dataset ?? "–"),
    define("target_column", trans.__("Target"), 110, ({ target_column }) => target_column ?? "–"),
    define("tags", trans.__("Tags and notes"), 190, ({ tags }) => tagsText(tags)),
    define("created_at", trans.__("Created"), 152, ({ created_at }) => formatInstant(created_at)),
    define("duration", trans.__("Duration"), 100, duration, true),
  ];
}

/** The columns that may be shown: the fixed ones, every metric, hyperparameter and tag that the runs have, and those asked for. */
export function columnsOf(names: RunColumns | null, asked: readonly string[], trans: TranslationBundle): RunColumn[] {
  const named = (group: Exclude<ColumnGroup, "run">): RunColumn[] => {
    const prefix = `${group}.`;
    const given = asked.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
    const found = names?.[group].map(({ name }) => name) ?? [];
    return [...new Set([...found, ...given])].sort().map((name) => namedColumn(group, name));
  };
  return [...fixedColumns(trans), ...named("metrics"), ...named("params"), ...named("tags")];
}

function namedColumn(group: Exclude<ColumnGroup, "run">, name: string): RunColumn {
  return {
    id: `${group}.${name}`,
    title: name,
    group,
    width: widths[group],
    numeric: group === "metrics",
    sortable: true,
    text(run, digits) {
      if (group === "metrics") return formatMetric(run.metrics[name], digits);
      if (group === "tags") return run.tags[name] ?? "–";
      const value = paramOf(run, name);
      return value === undefined ? "–" : formatValue(value);
    },
  };
}

/** A hyperparameter, which the service names in snake_case where the run may not. */
function paramOf({ hyperparameters }: Run, name: string): unknown {
  if (Object.hasOwn(hyperparameters, name)) return hyperparameters[name];
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(hyperparameters, camel) ? hyperparameters[camel] : undefined;
}

/** Tags as `team=survey, draft`. */
export function tagsText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join(", ");
}

/** Tags from `team=survey, draft`; a name alone has an empty value. */
export function tagsFrom(text: string): Record<string, string> {
  const parts = text.split(",").map((part) => part.trim());
  return Object.fromEntries(
    parts.flatMap((part) => {
      const at = part.indexOf("=");
      const name = (at < 0 ? part : part.slice(0, at)).trim();
      return name === "" ? [] : [[name, at < 0 ? "" : part.slice(at + 1).trim()]];
    }),
  );
}

function duration(run: Run): string {
  if (!run.started_at) return "–";
  const end = run.ended_at ? Date.parse(run.ended_at) : Date.now();
  return formatDuration(end - Date.parse(run.started_at));
}
