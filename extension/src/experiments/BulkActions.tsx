import type { Run } from "assay-lab/contract";
import React from "react";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { moveRuns } from "./move-runs";
import { runsRoutes } from "./runs-routes";
import { tagRuns } from "./tag-runs";

interface BulkActionsProps {
  chosen: readonly Run[];
  /** The runs of the table: the first of them are compared where none is chosen. */
  loaded: readonly Run[];
  /** Does it, then reads the runs again. */
  act(action: () => Promise<unknown>): void;
  onDelete(): void;
  /** Whether the runs are deleted ones, which can only be brought back. */
  deleted: boolean;
  baseline: string | null;
  onBaseline(id: string | null): void;
}

/** Runs that are compared where none is chosen. */
const comparedMost = 10;

/** What is done with the chosen runs, however many they are. */
export function BulkActions({
  chosen,
  loaded,
  act,
  onDelete,
  deleted,
  baseline,
  onBaseline,
}: BulkActionsProps): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const ids = chosen.map(({ id }) => id);
  const open = chosen.filter(({ status }) => status === "pending" || status === "training");
  const firsts = loaded.slice(0, comparedMost).map(({ id }) => id);
  const compare = (runs: readonly string[]) => void commands.execute(commandIds.compare, { ids: [...runs] });
  const one = chosen.length === 1 ? chosen[0]! : null;

  const button = (label: string, enabled: boolean, press: () => void) => (
    <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={!enabled} onClick={press}>
      {label}
    </button>
  );
  if (deleted) return button(trans.__("Restore"), chosen.length > 0, () => act(() => runsRoutes.restore(api, ids)));
  return (
    <>
      {chosen.length === 0 && firsts.length > 1
        ? button(trans.__("Compare the first %1", firsts.length), true, () => compare(firsts))
        : button(chosen.length > 1 ? trans.__("Compare (%1)", chosen.length) : trans.__("Compare"), chosen.length > 1, () =>
            compare(ids),
          )}
      {one && one.id === baseline
        ? button(trans.__("No baseline"), true, () => onBaseline(null))
        : button(trans.__("Baseline"), one !== null, () => onBaseline(one!.id))}
      {button(trans.__("Tag…"), chosen.length > 0, () => act(() => tagRuns(api, trans, ids)))}
      {button(trans.__("Move…"), chosen.length > 0, () => act(() => moveRuns(api, trans, chosen)))}
      {button(trans.__("Cancel"), open.length > 0, () => act(() => Promise.all(open.map(({ id }) => routes.cancel(api, id)))))}
      {button(trans.__("Delete"), chosen.length > 0, onDelete)}
    </>
  );
}
