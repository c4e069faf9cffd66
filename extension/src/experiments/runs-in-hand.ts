import type { Run } from "assay-lab/contract";
import { type RefObject, useEffect, useRef } from "react";

/** What a table of runs lends to the menu that is opened on it. */
export interface RunsInHand {
  loaded: readonly Run[];
  chosen: readonly Run[];
  /** Deletes runs, with the way back. */
  remove(ids: readonly string[]): void;
  /** Reads the runs again. */
  changed(): void;
}

const tables = new WeakMap<Element, RunsInHand>();

/** Lends the runs of a table; the reference is of the element that it stands in. */
export function useRunsInHand(runs: RunsInHand): RefObject<HTMLDivElement> {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => void (element.current && tables.set(element.current, runs)));
  return element;
}

/** The runs that a row's menu is about, and their table: all that are chosen where the row is one of them, else the row's alone. */
export function runsAt(row: Element): { runs: readonly Run[]; table: RunsInHand } | null {
  const id = row.getAttribute("data-run");
  for (let element = row.parentElement; element; element = element.parentElement) {
    const table = tables.get(element);
    const run = table?.loaded.find((each) => each.id === id);
    if (table && run) return { runs: table.chosen.includes(run) ? table.chosen : [run], table };
  }
  return null;
}
