import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { Run } from "assay-lab/contract";
import React, { useEffect, useMemo, useState } from "react";
import { ServiceError } from "../api";
import { Empty, Failure, Loading } from "../elements/states";
import { commandIds } from "../ids";
import { importHistory } from "../imports/import-history";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { ColumnPicker } from "./ColumnPicker";
import { columnsOf } from "./columns";
import { allConditions, noParts, quickCondition } from "./filter";
import { RunsTable } from "./RunsTable";
import { useRuns } from "./use-runs";

/** Every run of the project: sorted, filtered, live. */
export function ExperimentsPanel(): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const [filter, setFilter] = useState("");
  const [quick, setQuick] = useState("");
  const [withParts, setWithParts] = useState(false);
  const [asked, setAsked] = useState(noParts);
  const [sort, setSort] = useState("-created_at");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<unknown>(null);
  const runs = useRuns(sort, asked);
  const { columns: shown, decimals } = preferences.values;

  const open = (run: Run) => void commands.execute(commandIds.run, { id: run.id, name: run.name });
  const items = runs.data?.items ?? [];
  const columns = useMemo(() => columnsOf(items, shown, decimals, trans, open), [items, shown, decimals, trans]);
  const chosen = items.filter((run) => selected.has(run.id));

  useEffect(() => {
    const parts = withParts || /\bparent\b/.test(filter) ? "" : noParts;
    const wait = setTimeout(() => setAsked(allConditions(filter, quickCondition(quick), parts)), 300);
    return () => clearTimeout(wait);
  }, [filter, quick, withParts]);

  const act = (action: () => Promise<unknown>) => {
    setFailure(null);
    action().then(runs.reload, setFailure);
  };
  const cancel = () => act(() => Promise.all(chosen.filter(isOpen).map((run) => routes.cancel(api, run.id))));
  const remove = async () => {
    const { button } = await showDialog({
      title: trans._n("Delete a run?", "Delete %1 runs?", chosen.length),
      body: trans.__("Their metrics, logs and models go too: %1", chosen.map((run) => run.name).join(", ")),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__("Delete") })],
    });
    if (!button.accept) return;
    act(() => Promise.all(chosen.map((run) => routes.deleteRun(api, run.id))));
    setSelected(new Set());
  };
  const isFiltered = filter.trim() !== "" || quick.trim() !== "";
  const badFilter = filter.trim() !== "" && runs.error instanceof ServiceError && !runs.error.away ? runs.error : null;

  return (
    <div className="jp-Assay-panel jp-AssayExperiments">
      <div className="jp-Assay-bar">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          onClick={() => void commands.execute(commandIds.newExperiment)}
        >
          {trans.__("New experiment")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={chosen.length < 2}
          onClick={() => void commands.execute(commandIds.compare, { ids: chosen.map((run) => run.id) })}
        >
          {chosen.length > 1 ? trans.__("Compare (%1)", chosen.length) : trans.__("Compare")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={!chosen.some(isOpen)} onClick={cancel}>
          {trans.__("Cancel")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          disabled={chosen.length === 0}
          onClick={() => void remove()}
        >
          {trans.__("Delete")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => act(() => importHistory(api, trans))}>
          {trans.__("Import…")}
        </button>
        <span className="jp-Assay-spring" />
        <label className="jp-Assay-check" title={trans.__("Trials of studies and models of comparisons")}>
          <input type="checkbox" name="parts" checked={withParts} onChange={({ target }) => setWithParts(target.checked)} />
          {trans.__("Parts")}
        </label>
        <ColumnPicker columns={columns} shown={shown} onChange={(next) => preferences.set("columns", next)} />
      </div>
      <div className="jp-Assay-bar" role="search">
        <input
          type="search"
          className="jp-mod-styled jp-Assay-quick"
          placeholder={trans.__("Search")}
          aria-label={trans.__("Search by name, experiment or algorithm")}
          value={quick}
          onChange={({ target }) => setQuick(target.value)}
        />
        <input
          type="text"
          className="jp-mod-styled jp-Assay-filter"
          placeholder="status = 'completed' and metrics.test.accuracy > 0.7"
          aria-label={trans.__("Filter")}
          aria-invalid={badFilter !== null}
          aria-describedby={badFilter ? "jp-Assay-filterError" : undefined}
          spellCheck={false}
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
      </div>
      {badFilter && (
        <p className="jp-Assay-fieldError" id="jp-Assay-filterError" role="alert">
          {badFilter.message}
        </p>
      )}
      {failure !== null && <Failure error={failure} />}
      {runs.error !== null && !badFilter && <Failure error={runs.error} onRetry={runs.reload} />}
      {runs.data === null && runs.loading && <Loading rows={8} />}
      {runs.data !== null && items.length === 0 && !badFilter && (
        <Empty title={isFiltered ? trans.__("No run fits the filter.") : trans.__("No runs yet.")}>
          {!isFiltered && <p>{trans.__("Start one here, or from a cell: lab.experiment(name).run(…)")}</p>}
        </Empty>
      )}
      {items.length > 0 && (
        <RunsTable
          runs={items}
          columns={columns}
          shown={shown}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
          onOpen={open}
          onEnd={runs.loadMore}
        />
      )}
      <div className="jp-Assay-foot" role="status">
        {runs.data && countOf(items.length, runs.data.next_cursor !== null)}
        {chosen.length > 0 && ` · ${trans.__("%1 selected", chosen.length)}`}
      </div>
    </div>
  );

  function countOf(count: number, more: boolean): string {
    return more ? trans.__("%1 runs and more", count) : trans._n("%1 run", "%1 runs", count);
  }
}

function isOpen(run: Run): boolean {
  return run.status === "pending" || run.status === "training";
}
