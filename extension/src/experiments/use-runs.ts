import type { Event, Run } from "assay-lab/contract";
import { useCallback, useRef } from "react";
import { useBehind } from "../elements/use-behind";
import { useCatchUp } from "../elements/use-catch-up";
import { useEvents } from "../elements/use-events";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { type Page, routes } from "../routes";
import { allConditions, oneOf } from "./filter";
import { type Selection, selectionQuery } from "./runs-routes";

/** Runs as the table shows them, and how to get more. */
export interface Runs extends Loaded<Page<Run>> {
  /** Reads the first page again and keeps the others. */
  catchUp(): void;
  /** Loads the next page, once however often it is called; null where there is none. */
  loadMore: (() => void) | null;
}

const firstPage = 60;
const nextPage = 200;
/** Runs of which events told that are asked for at once. */
const touchedMost = 200;

/** Loads runs of a selection by sort, page after page, and keeps them live; null loads nothing. */
export function useRuns(sort: string, of: Selection | null): Runs {
  const { api } = usePanel();
  const key = of && JSON.stringify([sort, of]);
  const query = { sort, ...(of && selectionQuery(of)) };
  const loaded = useLoaded(key, (signal) => routes.runs(api, { limit: firstPage, ...query }, signal));
  const { data, error, loading, change, reload } = loaded;
  const asked = useRef(key);
  asked.current = key;
  const isLoading = useRef(loading);
  isLoading.current = loading;
  const touched = useRef(new Set<string>());
  /** Where the page begins that is on its way. */
  const coming = useRef<string | null>(null);

  const catchUp = useCatchUp(async () => {
    if (of === null) return;
    if (loading) return behind();
    const ids = [...touched.current].slice(0, touchedMost);
    for (const id of ids) touched.current.delete(id);
    try {
      const [head, changed] = await Promise.all([
        routes.runs(api, { limit: firstPage, ...query }),
        ids.length > 0 ? routes.runs(api, { limit: touchedMost, sort, ...selectionQuery(only(of, ids)) }) : null,
      ]);
      if (isLoading.current) {
        for (const id of ids) touched.current.add(id);
        return behind(); // what is on its way was asked for later
      }
      if (asked.current === key) change((page) => merged(page, head, changed?.items ?? [], new Set(ids)));
    } catch (error) {
      for (const id of ids) touched.current.add(id);
      throw error;
    }
  }, 200);
  const behind = useBehind(loading, catchUp);

  useEvents(
    (event) => {
      if (!("run_id" in event) || event.run_id === null || event.kind === "log") return;
      const known = data?.items.some((run) => run.id === event.run_id);
      if (known)
        change((page) => ({ ...page, items: page.items.map((run) => (run.id === event.run_id ? told(run, event) : run)) }));
      if (known && event.kind === "run") touched.current.add(event.run_id);
      if (!known || event.kind === "run") catchUp();
    },
    error === null ? catchUp : reload,
  );

  const loadMore = useCallback(() => {
    const cursor = data?.next_cursor;
    if (!cursor || coming.current === cursor) return;
    coming.current = cursor;
    routes
      .runs(api, { limit: nextPage, ...query, cursor })
      .then((next) => asked.current === key && change((page) => (page.next_cursor === cursor ? followed(page, next) : page)))
      .catch((error) => console.warn("assay: the next runs were not loaded", error))
      .finally(() => {
        if (coming.current === cursor) coming.current = null;
      });
  }, [api, data, key, change]);

  return { ...loaded, catchUp, loadMore: data?.next_cursor ? loadMore : null };
}

/** What is held, and the page after it; a run that moved between the two stays where it was. */
function followed(held: Page<Run>, next: Page<Run>): Page<Run> {
  const had = new Set(held.items.map((run) => run.id));
  return { ...next, items: [...held.items, ...next.items.filter((run) => !had.has(run.id))] };
}

/** What is held after the first page was read again, and with it those of `asked` that still fit: the rest stays as it was. */
function merged(held: Page<Run>, head: Page<Run>, changed: readonly Run[], asked: ReadonlySet<string>): Page<Run> {
  if (head.next_cursor === null) return head;
  const first = new Set(head.items.map((run) => run.id));
  const fresh = new Map(changed.map((run) => [run.id, run]));
  const rest = held.items.flatMap((run) => {
    if (first.has(run.id) || (asked.has(run.id) && !fresh.has(run.id))) return [];
    return [fresh.get(run.id) ?? run];
  });
  return { items: [...head.items, ...rest], next_cursor: held.next_cursor };
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

/** Of a selection the runs of these ids. */
function only(of: Selection, ids: readonly string[]): Selection {
  return { ...of, filter: allConditions(of.filter, oneOf(ids)) };
}
