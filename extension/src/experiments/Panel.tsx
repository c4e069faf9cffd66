import type { Kept, Run } from "assay-lab/contract";
import React, { useMemo, useRef, useState } from "react";
import { ServiceError } from "../api";
import { formatCount } from "../elements/format";
import { Empty, Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { commandIds } from "../ids";
import { importHistory } from "../imports/import-history";
import { usePanel } from "../panel";
import { useInLink, useKept } from "../use-kept";
import { BulkActions } from "./BulkActions";
import { ColumnPicker } from "./ColumnPicker";
import { EditRun } from "./EditRun";
import { Export } from "./Export";
import { type GridRow, runRows } from "./grid-rows";
import { RunsGrid } from "./RunsGrid";
import { useRunsInHand } from "./runs-in-hand";
import { runsRoutes } from "./runs-routes";
import { Search } from "./Search";
import { useAsked } from "./use-asked";
import { useBaseline } from "./use-baseline";
import { useColumnLayout } from "./use-column-layout";
import { useColumns } from "./use-columns";
import { useGroups } from "./use-groups";
import { useRuns } from "./use-runs";
import { useTotal } from "./use-total";
import { Views } from "./Views";
import { plainView, readView, type ShownView } from "./view";

/** Every run of the project: sorted, filtered, grouped, changed, live. */
export function ExperimentsPanel(): React.JSX.Element {
  const { api, commands, preferences, trans } = usePanel();
  const [view, change] = useKept<ShownView>(plainView, readView);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<Run | null>(null);
  const [deleted, setDeleted] = useState<readonly string[]>([]);
  const of = useAsked(view);
  const shown = useSame(view.columns ?? preferences.values.columns);
  const pinned = useSame(view.pinned ?? preferences.values.pinnedColumns);
  useInLink({ columns: shown, pinned });
  const { columns } = useColumns(of, shown);
  const layout = useColumnLayout(columns, shown, pinned);
  const isGrouped = view.group !== "";
  const metric = shown.find((id) => id.startsWith("metrics."));
  const runs = useRuns(view.sort, isGrouped ? null : of);
  const groups = useGroups({ by: view.group, of, sort: view.sort, metric });
  const total = useTotal(of);
  const found = useMemo(
    () => (isGrouped ? groups.rows : runs.data && runRows(runs.data.items)),
    [isGrouped, groups.rows, runs.data],
  );
  const { error, loading, reload } = isGrouped ? groups : runs;
  const rows = useHeld(found, error, `${view.sort} ${view.deleted}`);
  const loaded = useMemo(() => rows?.flatMap((row) => (row.kind === "run" ? [row.run] : [])) ?? [], [rows]);
  const chosen = useMemo(() => loaded.filter((run) => selected.has(run.id)), [loaded, selected]);
  const baseline = useBaseline(view.baseline, loaded);

  const show = (columnIds: string[], pinnedIds: string[]) => {
    change({ columns: undefined, pinned: undefined }); // those of a link, until the reader chooses
    preferences.set("columns", columnIds);
    preferences.set("pinnedColumns", pinnedIds);
  };
  const choose = ({ content }: Kept) => {
    const { columns: ids, pinned: pins, ...next } = readView(content);
    change(next);
    if (ids) show(ids, pins ?? []);
  };
  const again = isGrouped ? groups.reload : runs.catchUp;
  const { act, failure } = useAction(again);
  const remove = (ids: readonly string[] = chosen.map(({ id }) => id)) => {
    if (ids.length === 0 || view.deleted) return;
    act(async () => {
      await runsRoutes.delete(api, ids);
      setDeleted(ids);
      setSelected(new Set());
    });
  };
  const restore = () =>
    act(async () => {
      await runsRoutes.restore(api, deleted);
      setDeleted([]);
    });
  const panel = useRunsInHand({ loaded, chosen, remove, changed: again });
  const open = (run: Run) => void commands.execute(commandIds.run, { id: run.id, name: run.name });

  const isFiltered = view.filter.trim() !== "" || view.quick.trim() !== "" || view.conditions.length > 0;
  const problem = isFiltered && error instanceof ServiceError && error.status === 400 ? error.message : null;
  const state = { data: rows, error: problem === null ? error : null, loading, reload };
  const all = { label: trans.__("Show all"), run: () => change({ filter: "", quick: "", conditions: [], deleted: false }) };
  const train = { label: trans.__("Train a model"), run: () => void commands.execute(commandIds.newExperiment) };
  const none = isFiltered ? (
    <Empty title={trans.__("No run fits the filter.")} action={all} />
  ) : view.deleted ? (
    <Empty title={trans.__("No deleted runs.")} action={all} />
  ) : (
    <Empty title={trans.__("No runs yet.")} action={train}>
      <p>{trans.__("Start one here, or from a cell: lab.experiment(name).run(…)")}</p>
    </Empty>
  );
  const shownColumns = [...layout.pinned, ...layout.others];

  return (
    <div className="jp-Assay-panel jp-AssayExperiments" ref={panel}>
      <div className="jp-Assay-bar">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          onClick={() => void commands.execute(commandIds.newExperiment)}
        >
          {trans.__("New experiment")}
        </button>
        <BulkActions
          {...{ chosen, loaded, act, baseline: view.baseline, deleted: view.deleted }}
          onDelete={() => remove()}
          onBaseline={(id) => change({ baseline: id })}
        />
        <div className="jp-AssayExperiments-tableActions">
          <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => act(() => importHistory(api, trans))}>
            {trans.__("Import…")}
          </button>
          <Export {...{ sort: view.sort, of, chosen, loaded, act }} columns={shownColumns} baseline={view.baseline} />
          <Views current={{ ...view, columns: shown, pinned }} onChoose={choose} />
          <ColumnPicker {...{ columns, shown, pinned }} onChange={show} />
        </div>
      </div>
      <Search view={view} onChange={change} columns={columns} problem={problem} />
      <Failure error={failure} />
      <State of={state} rows={8} empty={({ length }) => length === 0 && problem === null && none}>
        {(some) =>
          some.length > 0 && (
            <RunsGrid
              {...{ rows: some, layout, sort: view.sort, selected, baseline }}
              metric={metric?.slice("metrics.".length) ?? ""}
              total={isGrouped ? some.length : (total ?? some.length)}
              onSort={(sort) => change({ sort })}
              onSelect={setSelected}
              onOpen={open}
              onEdit={setEdited}
              onDelete={() => remove()}
              onToggle={groups.toggle}
              onMore={groups.more}
              onEnd={isGrouped ? null : runs.loadMore}
            />
          )
        }
      </State>
      {edited && (
        <EditRun
          key={edited.id}
          run={edited}
          onDone={() => {
            setEdited(null);
            again();
          }}
        />
      )}
      <div className="jp-Assay-foot" role="status">
        {total !== null &&
          (view.deleted
            ? trans._n("%2 deleted run", "%2 deleted runs", total, formatCount(total))
            : trans._n("%2 run", "%2 runs", total, formatCount(total)))}
        {!isGrouped && total !== null && loaded.length < total && ` · ${trans.__("%1 loaded", formatCount(loaded.length))}`}
        {chosen.length > 0 && ` · ${trans.__("%1 selected", formatCount(chosen.length))}`}
        {baseline && ` · ${trans.__("differences from %1", baseline.name)}`}
        {deleted.length > 0 && !view.deleted && (
          <>
            {` · ${trans._n("%1 run deleted", "%1 runs deleted", deleted.length)} `}
            <button type="button" className="jp-Assay-link" onClick={restore}>
              {trans.__("Undo")}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

/** The same list for as long as it holds the same: the settings are a new one whenever they are read. */
function useSame(list: string[]): string[] {
  const held = useRef(list);
  if (held.current.join("\n") !== list.join("\n")) held.current = list;
  return held.current;
}

/** The rows that were there last while others of the same kind are on their way, so that the table does not vanish under who types a filter. */
function useHeld(found: readonly GridRow[] | null, error: unknown, kind: string): readonly GridRow[] | null {
  const held = useRef({ rows: found, kind });
  if (found || error !== null || held.current.kind !== kind) held.current = { rows: found, kind };
  return held.current.rows;
}
