import type { Run } from "assay-lab/contract";
import React from "react";
import { saveText } from "../elements/save-text";
import { usePanel } from "../panel";
import { everyPage, routes } from "../routes";
import type { RunColumn } from "./columns";
import { exportedMost, runsCsv } from "./export-runs";
import { Popover } from "./Popover";
import { type Selection, selectionQuery } from "./runs-routes";

interface ExportProps {
  sort: string;
  of: Selection;
  columns: readonly RunColumn[];
  chosen: readonly Run[];
  /** Loaded runs: the first of them stand in a report where none is chosen. */
  loaded: readonly Run[];
  baseline: string | null;
  act(action: () => Promise<unknown>): void;
}

/** Runs that a report without a choice holds. */
const reportedMost = 50;

/** The table as a file: every run that fits with the shown columns, or the chosen ones; and reports that hold them side by side. */
export function Export({ sort, of, columns, chosen, loaded, baseline, act }: ExportProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const reported = chosen.length > 1 ? chosen : loaded.slice(0, reportedMost);
  const csv = async () => {
    const runs =
      chosen.length > 0
        ? chosen
        : await everyPage(
            (cursor) => routes.runs(api, { limit: 500, sort, ...selectionQuery(of), ...(cursor && { cursor }) }),
            exportedMost,
          );
    saveText(runsCsv(runs, columns), "runs.csv", "text/csv;charset=utf-8");
  };
  const report = async (format: "html" | "pdf") => {
    const ids = reported.map(({ id }) => id);
    await routes.exportComparison(api, ids, baseline && ids.includes(baseline) ? baseline : ids[0]!, format);
  };
  const forms = [
    [chosen.length > 0 ? trans.__("CSV of the chosen runs") : trans.__("CSV of every run that fits"), csv],
    [trans._n("Report of %1 run (PDF)", "Report of %1 runs (PDF)", reported.length), () => report("pdf")],
    [trans._n("Report of %1 run (HTML)", "Report of %1 runs (HTML)", reported.length), () => report("html")],
  ] as const;
  return (
    <Popover label={trans.__("Export")} title={trans.__("Export")}>
      {(close) =>
        forms.map(([label, save], k) => (
          <button
            key={label}
            type="button"
            className="jp-AssayExperiments-item"
            disabled={k === 0 ? loaded.length === 0 : reported.length < 2}
            onClick={() => {
              close();
              act(save);
            }}
          >
            {label}
          </button>
        ))
      }
    </Popover>
  );
}
