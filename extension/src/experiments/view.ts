import type { Condition } from "./filter";
import { operators } from "./filter";

/** How the table shows runs, beside its columns. */
export interface RunsView {
  /** Words looked for. */
  quick: string;
  /** A condition in the filter grammar. */
  filter: string;
  /** Rows of the filter builder; all must hold. */
  conditions: readonly Condition[];
  /** As `-metrics.test.accuracy,name`. */
  sort: string;
  /** The field that runs are grouped by, or nothing. */
  group: string;
  /** Id of the run that the others are held against. */
  baseline: string | null;
  /** Whether trials of studies and models of comparisons are shown. */
  withParts: boolean;
  /** Whether the deleted runs are shown in place of the others. */
  deleted: boolean;
}

/** A view with its columns, as it is kept. */
export interface KeptView extends RunsView {
  columns: readonly string[];
  pinned: readonly string[];
}

/** A view as a document shows it: its columns are the reader's own, unless a link says others. */
export interface ShownView extends RunsView {
  columns?: string[] | undefined;
  pinned?: string[] | undefined;
}

/** The newest runs first. */
export const plainView: RunsView = {
  quick: "",
  filter: "",
  conditions: [],
  sort: "-created_at",
  group: "",
  baseline: null,
  withParts: false,
  deleted: false,
};

/** A kept view from what the service answers: what is missing or of another kind is as in the plain view. */
export function readView(content: Readonly<Record<string, unknown>>): ShownView {
  const text = (key: keyof RunsView) =>
    typeof content[key] === "string" ? (content[key] as string) : (plainView[key] as string);
  const columns = textsOf(content["columns"]);
  const pinned = textsOf(content["pinned"]);
  return {
    quick: text("quick"),
    filter: text("filter"),
    conditions: Array.isArray(content["conditions"]) ? content["conditions"].filter(isCondition) : [],
    sort: text("sort") || plainView.sort,
    group: text("group"),
    baseline: typeof content["baseline"] === "string" ? content["baseline"] : null,
    withParts: content["withParts"] === true,
    deleted: content["deleted"] === true,
    ...(columns && { columns }),
    ...(pinned && { pinned }),
  };
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}

function isCondition(value: unknown): value is Condition {
  const { field, operator, value: against } = (value ?? {}) as Partial<Condition>;
  return typeof field === "string" && typeof against === "string" && operators.some((each) => each === operator);
}
