import type { RunColumns } from "assay-lab/contract";
import { useMemo } from "react";
import { useEvents, useSoon } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { columnsOf, type RunColumn } from "./columns";
import { runsRoutes, type Selection } from "./runs-routes";

/** How often new names are looked for while runs move. */
const newNamesMs = 3000;

/** The columns that runs of a selection can have; new names join as runs end. */
export function useColumns(of: Selection, asked: readonly string[]): { columns: readonly RunColumn[]; names: RunColumns | null } {
  const { api, trans } = usePanel();
  const { data, reload } = useLoaded(JSON.stringify(of), (signal) => runsRoutes.columns(api, of, signal));
  const soon = useSoon(reload, newNamesMs);
  useEvents((event) => event.kind === "run" && soon(), reload);
  const columns = useMemo(() => columnsOf(data, asked, trans), [data, asked.join("\n"), trans]);
  return { columns, names: data };
}
