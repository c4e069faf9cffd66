import type { ImportedItem, ImportReport, ImportSource } from "../contract/imports.ts";
import { display, htmlTable } from "../html.ts";

type Counts = ImportReport["counts"];

/** Items that are kept of those left out, and of the others; the rest is counted. */
const itemsMost = 1000;

/** What an import has done so far; memory does not grow with what it takes. */
export interface ImportTally {
  readonly counts: { -readonly [K in keyof Counts]: Counts[K] };
  /** Tells what became of an item. */
  tell(item: Partial<ImportedItem> & Pick<ImportedItem, "kind" | "name" | "outcome">): void;
  report(): ImportReport;
}

/** Begins to count an import. */
export function importTally(source: ImportSource, format: string): ImportTally {
  const counts = { runs: 0, studies: 0, trials: 0, metrics: 0, artifacts: 0, updated: 0, there_already: 0, left_out: 0 };
  const left: ImportedItem[] = [];
  const others: ImportedItem[] = [];
  let told = 0;
  return {
    counts,
    tell(item) {
      told++;
      const whole: ImportedItem = { external_id: item.name, id: null, reason: null, place: null, ...item };
      if (item.outcome === "left out") counts.left_out++;
      if (item.outcome === "updated") counts.updated++;
      if (item.outcome === "there already") counts.there_already++;
      const list = item.outcome === "left out" ? left : others;
      if (list.length < itemsMost) list.push(whole);
    },
    report() {
      const items = [...left, ...others].slice(0, itemsMost);
      return { source, format, counts: { ...counts }, items, more_items: told - items.length };
    },
  };
}

/** The same report, which a notebook shows as tables: the counts, then what was left out and why. */
export function shownImport(report: ImportReport): ImportReport {
  const left = report.items.filter(({ outcome }) => outcome === "left out");
  return display(
    report,
    () => htmlTable([report.counts]) + htmlTable(left.map(({ kind, name, reason, place }) => ({ kind, name, reason, place }))),
  );
}
