import { useCallback, useEffect, useRef, useState } from "react";
import { isAway } from "../api";
import { usePanel } from "../panel";
import { useAnotherTry } from "./use-another-try";
import { useComeback } from "./use-comeback";

/** What a loader has come to: nothing yet, data or an error (each kept while it loads anew). */
export interface Loaded<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload(): void;
  /** Changes the data in place, as a live event does; the answer that is on its way is changed too, for it may be older. */
  change(update: (data: T) => T): void;
}

/** So long an answer on its way is waited for, where it is older than what is asked for now. */
const patienceMs = 5000;

/**
 * Loads by `load` whenever the panel comes to be seen, when `key` changes, on `reload`, when the service is back after it was away, and some seconds after
 * it refused by no fault of the caller's; an answer that came too late is dropped. A `reload` while it loads is done when the answer has come, or after
 * five seconds: events that come faster than answers would let none come. A null `key` loads nothing.
 */
export function useLoaded<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const { visible } = usePanel();
  const [state, setState] = useState<{ key: string | null; data: T | null; error: unknown; loading: boolean }>({
    key,
    data: null,
    error: null,
    loading: key !== null,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const coming = useRef<Coming<T> | null>(null);
  const anew = () => setTurn((count) => count + 1);

  useEffect(() => {
    if (key === null || !visible) return;
    const abort = new AbortController();
    const mine: Coming<T> = { patience: null, changes: [] };
    coming.current = mine;
    const isWanted = () => !abort.signal.aborted;
    const end = () => {
      coming.current = null;
      if (mine.patience !== null) anew();
      return mine.patience !== null;
    };
    setState((old) => ({ ...(old.key === key ? old : { data: null, error: null }), key, loading: true }));
    latest.current(abort.signal).then(
      (answer) => {
        if (!isWanted()) return;
        const data = mine.changes.reduce((changed, update) => update(changed), answer);
        setState({ key, data, error: null, loading: end() });
      },
      (error) => {
        if (!isWanted()) return;
        const loading = end();
        setState((old) => ({ ...old, error, loading }));
      },
    );
    return () => {
      abort.abort();
      if (mine.patience !== null) clearTimeout(mine.patience);
      if (coming.current === mine) coming.current = null;
    };
  }, [key, visible, turn]);

  const reload = useCallback(() => {
    if (coming.current === null) anew();
    else coming.current.patience ??= setTimeout(anew, patienceMs);
  }, []);
  const change = useCallback((update: (data: T) => T) => {
    coming.current?.changes.push(update);
    setState((old) => (old.data === null ? old : { ...old, data: update(old.data) }));
  }, []);
  const now = state.key === key ? state : { data: null, error: null, loading: key !== null };
  useComeback(isAway(now.error), now.loading, reload);
  useAnotherTry(now.error, now.loading, reload);
  return { ...now, reload, change };
}

/** An answer on its way: what was changed meanwhile; `patience` is set where it is older than what is asked for now. */
interface Coming<T> {
  changes: ((data: T) => T)[];
  patience: ReturnType<typeof setTimeout> | null;
}
