import type { Event, Run } from "assay-lab/contract";
import { useCallback, useState } from "react";
import { useEvents, useSoon } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { type Page, routes } from "../routes";

/** Runs as the table shows them, and how to get more. */
export interface Runs extends Loaded<Page<Run>> {
  loadMore(): void;
  loadingMore: boolean;
}

const pageSize = 100;
const mostAtOnce = 500;

/** Loads runs by sort and filter, page after page, and keeps them live. */
export function useRuns(sort: string, filter: string): Runs {
  const { api } = usePanel();
  const [loadingMore, setLoadingMore] = useState(false);
  const [shown, setShown] = useState(pageSize);
  const query = { sort, ...(filter ? { filter } : {}) };
  const loaded = useLoaded(`${sort}\n${filter}`, (signal) =>
    routes.runs(api, { limit: Math.min(mostAtOnce, shown), ...query }, signal),
  );
  const { data, reload, change } = loaded;

  const reloadSoon = useSoon(reload, 150);
  useEvents((event) => {
    if (!("run_id" in event) || event.run_id === null) return;
    const known = data?.items.some((run) => run.id === event.run_id);
    if (!known || event.kind === "run") reloadSoon();
    if (known)
      change((page) => ({ ...page, items: page.items.map((run) => (run.id === event.run_id ? told(run, event) : run)) }));
  }, reload);

  const loadMore = useCallback(() => {
    if (!data?.next_cursor || loadingMore) return;
    setLoadingMore(true);
    routes
      .runs(api, { limit: pageSize, ...query, cursor: data.next_cursor })
      .then((next) => {
        const had = new Set(data.items.map((run) => run.id));
        change((page) => ({ ...next, items: [...page.items, ...next.items.filter((run) => !had.has(run.id))] }));
        setShown(data.items.length + next.items.length);
      })
      .catch((error) => console.warn("assay: the next runs were not loaded", error))
      .finally(() => setLoadingMore(false));
  }, [api, data, loadingMore, sort, filter, change]);

  return { ...loaded, loadMore, loadingMore };
}

/** The run after the event. */
export function told<T extends Run>(run: T, event: Event): T {
  switch (event.kind) {
    case "run":
      return { ...run, status: event.run_status, error: event.error ?? run.error };
    case "progress":
      return { ...run, progress: event.progress };
    case "metrics":
      return {
        ...run,
        metrics: {
          ...run.metrics,
          ...Object.fromEntries(event.points.map(({ name, split, value }) => [`${split}.${name}`, value])),
        },
      };
    default:
      return run;
  }
}
