import type { Run, RunGroup } from "assay-lab/contract";
import { useEffect, useMemo, useState } from "react";
import { useEvents, useSoon } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { allConditions, equals } from "./filter";
import type { GridRow } from "./grid-rows";
import { runsRoutes, type Selection, selectionQuery } from "./runs-routes";

/** Groups of runs as rows, opened ones with their runs below. */
interface Groups {
  rows: readonly GridRow[] | null;
  error: unknown;
  loading: boolean;
  reload(): void;
  toggle(value: string | null): void;
  more(value: string | null): void;
}

const pageSize = 100;

interface Asked {
  by: string;
  of: Selection;
  sort: string;
  /** Whose mean a group tells, as metrics.test.accuracy. */
  metric: string | undefined;
}

/** Runs grouped by a field's values, kept live; an opened group holds as many of its runs as were asked for. */
export function useGroups({ by, of, sort, metric }: Asked): Groups {
  const { api } = usePanel();
  const key = by === "" ? null : JSON.stringify([by, of, sort, metric]);
  const groups = useLoaded(key, (signal) => runsRoutes.groups(api, of, { by, metric }, signal));
  const [open, setOpen] = useState<ReadonlyMap<string | null, number>>(new Map());
  const [runs, setRuns] = useState<ReadonlyMap<string | null, readonly Run[]>>(new Map());
  useEffect(() => setOpen(new Map()), [by]);

  // the runs of opened groups follow the groups: they are read again whenever those are
  useEffect(() => {
    if (!groups.data) return;
    let wanted = true;
    for (const [value, limit] of open)
      routes.runs(api, { limit, sort, ...selectionQuery({ ...of, filter: allConditions(of.filter, equals(by, value)) }) }).then(
        ({ items }) => wanted && setRuns((old) => new Map(old).set(value, items)),
        (error) => console.warn("assay: the runs of a group were not loaded", error),
      );
    return () => {
      wanted = false;
    };
  }, [groups.data, open]);

  const soon = useSoon(groups.reload, 500);
  useEvents((event) => event.kind === "run" && key !== null && soon(), groups.reload);

  const rows = useMemo(() => groups.data && rowsOf(groups.data, open, runs), [groups.data, open, runs]);
  const set = (value: string | null, limit: number) =>
    setOpen((old) => {
      const next = new Map(old);
      if (limit > 0) next.set(value, limit);
      else next.delete(value);
      return next;
    });
  return {
    rows,
    error: groups.error,
    loading: groups.loading,
    reload: groups.reload,
    toggle: (value) => set(value, open.has(value) ? 0 : pageSize),
    more: (value) => set(value, Math.min(500, (open.get(value) ?? 0) + pageSize)),
  };
}

function rowsOf(
  groups: readonly RunGroup[],
  open: ReadonlyMap<string | null, number>,
  runs: ReadonlyMap<string | null, readonly Run[]>,
): GridRow[] {
  return groups.flatMap((group): GridRow[] => {
    const isOpen = open.has(group.value);
    const held = isOpen ? (runs.get(group.value) ?? []) : [];
    const left = group.runs - held.length;
    const key = `group ${group.value}`;
    return [
      { kind: "group", key, group, isOpen },
      ...held.map((run): GridRow => ({ kind: "run", key: run.id, run })),
      ...(isOpen && left > 0 && held.length < 500
        ? [{ kind: "more", key: `${key} more`, value: group.value, left } as const]
        : []),
    ];
  });
}
