import { useVirtualizer } from "@tanstack/react-virtual";
import type { TrialInfo } from "assay-lab/contract";
import React, { useMemo, useRef, useState } from "react";
import { formatDuration, formatMetric, formatValue } from "../elements/format";
import { SortHeader } from "../elements/SortHeader";
import { Status } from "../elements/status";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { sortTrials } from "./sort-trials";

interface TrialsTableProps {
  trials: readonly TrialInfo[];
  metric: string;
  best: number | null;
}

const rowHeight = 28;

/** Trials as a table whose rows are drawn only where they are seen; pressing a title sorts by it. */
export function TrialsTable({ trials, metric, best }: TrialsTableProps): React.JSX.Element {
  const { commands, preferences, trans } = usePanel();
  const [sort, setSort] = useState("-number");
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortTrials(trials, sort), [trials, sort]);
  const params = useMemo(() => [...new Set(trials.flatMap((trial) => Object.keys(trial.params)))], [trials]);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const seen = virtual.getVirtualItems();
  const before = seen[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (seen.at(-1)?.end ?? 0);
  const widths = [92, 116, 112, ...params.map(() => 128), 92];
  const digits = preferences.values.decimals;
  const title = (id: string, text: string, numeric: boolean) => (
    <SortHeader key={id} id={id} title={text} sort={sort} numeric={numeric} onSort={setSort} />
  );
  return (
    <div className="jp-Assay-scroller jp-AssayStudy-scroller" ref={scroller}>
      <table className="jp-Assay-runs jp-AssayStudy-trials" style={{ width: sum(widths) }} aria-rowcount={sorted.length + 1}>
        <caption className="jp-Assay-hidden">{trans.__("Trials")}</caption>
        <colgroup>
          {widths.map((width, k) => (
            <col key={k} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {title("number", trans.__("Trial"), true)}
            {title("state", trans.__("State"), false)}
            {title("value", metric, true)}
            {params.map((name) => title(`params.${name}`, name, true))}
            {title("duration", trans.__("Time"), true)}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {seen.map(({ index }) => {
            const trial = sorted[index]!;
            return (
              <tr key={trial.number} data-trial={trial.number} aria-rowindex={index + 2} aria-selected={trial.number === best}>
                <td className="jp-mod-numeric">
                  {trial.run_id ? (
                    <button
                      type="button"
                      className="jp-Assay-link"
                      title={trans.__("Open its run")}
                      onClick={() =>
                        void commands.execute(commandIds.run, { id: trial.run_id, name: trans.__("trial %1", trial.number) })
                      }
                    >
                      {trial.number}
                    </button>
                  ) : (
                    trial.number
                  )}
                </td>
                <td title={trial.error ?? undefined}>
                  <Status status={trial.state} />
                </td>
                <td className="jp-mod-numeric">{valuesText(trial, digits)}</td>
                {params.map((name) => (
                  <td key={name} className="jp-mod-numeric">
                    {name in trial.params ? formatValue(trial.params[name], digits) : "–"}
                  </td>
                ))}
                <td className="jp-mod-numeric">{trial.duration_ms === null ? "–" : formatDuration(trial.duration_ms)}</td>
              </tr>
            );
          })}
          {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}

function valuesText({ values }: TrialInfo, digits: number): string {
  return values ? values.map((value) => formatMetric(value, digits)).join(", ") : "–";
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
