import type { z } from "zod";
import type { Column } from "../base/columns.ts";
import { DataError } from "../base/errors.ts";
import { suggest } from "../base/near-name.ts";
import type { Table } from "../data/table.ts";
import type { Step, StepOf } from "./steps.ts";

/** What surrounds a step while it is fitted or applied. */
export interface StepContext {
  /** For messages: "steps[2] impute". */
  readonly who: string;
  /** The target's name at this step, where there is one. */
  readonly target: string | undefined;
  /** Whether the rows are those that the step was fitted on. */
  readonly training: boolean;
}

/** What a step makes of a table. */
export interface StepResult {
  readonly table: Table;
  /** The rows that are left, where some were dropped. */
  readonly kept?: Int32Array | undefined;
}

/** How one kind of step learns from training rows, and what it does to any rows with what it learnt. */
export interface StepKind<K extends Step["step"], S> {
  /** Schema of what it learns: plain JSON but for typed arrays. */
  readonly state: () => z.ZodType<S>;
  fit(table: Table, step: StepOf<K>, context: StepContext): S | Promise<S>;
  apply(table: Table, step: StepOf<K>, state: S, context: StepContext): StepResult | Promise<StepResult>;
}

/** Ties a kind of step to its name and to the type of what it learns. */
export function stepKind<K extends Step["step"], S>(_name: K, kind: StepKind<K, S>): StepKind<K, S> {
  return kind;
}

/** The columns a step works on: those named, else those of the kinds, the target left out. Throws DataError for a name that is not there. */
export function columnsFor(
  table: Table,
  named: readonly string[] | undefined,
  { who, target }: StepContext,
  kinds?: readonly Column["kind"][],
): readonly string[] {
  if (named === undefined) return table.names.filter((name) => name !== target && (!kinds || kinds.includes(table.kind(name))));
  for (const name of named) {
    if (!table.names.includes(name)) throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
    if (kinds && !kinds.includes(table.kind(name)))
      throw new DataError(`${who}: column "${name}" must hold ${kinds.join(" or ")}, it holds ${table.kind(name)}`);
  }
  return [...new Set(named)];
}

/** Those of the columns that the table has; only the target may be gone, from rows to be predicted. */
export function presentColumns(table: Table, names: readonly string[], { who, target }: StepContext): readonly string[] {
  return names.filter((name) => {
    if (table.names.includes(name)) return true;
    if (name === target) return false;
    throw new DataError(`${who}: no column "${name}"${suggest(name, table.names)}`);
  });
}

/** The rows of a table for which the condition holds, and which they are. */
export function keepRows(table: Table, isKept: (i: number) => boolean): StepResult {
  const kept: number[] = [];
  for (let i = 0; i < table.rows; i++) if (isKept(i)) kept.push(i);
  if (kept.length === table.rows) return { table };
  return { table: table.take(kept), kept: Int32Array.from(kept) };
}
