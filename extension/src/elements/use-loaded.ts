import { useCallback, useEffect, useRef, useState } from "react";
import { usePanel } from "../panel";

/** What a loader has come to: nothing yet, data (kept while it loads anew), an error. */
export interface Loaded<T> {
  data: T | null;
  error: unknown;
  loading: boolean;
  reload(): void;
  /** Changes the data in place, as a live event does. */
  change(update: (data: T) => T): void;
}

/**
 * Loads by `load` when the panel is first seen, when `key` changes and on `reload`; an answer that came too late is dropped.
 * A null `key` loads nothing.
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

  useEffect(() => {
    if (key === null || !visible) return;
    const abort = new AbortController();
    setState((old) => ({ key, data: old.key === key ? old.data : null, error: null, loading: true }));
    latest.current(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ key, data, error: null, loading: false }),
      (error) => !abort.signal.aborted && setState((old) => ({ ...old, error, loading: false })),
    );
    return () => abort.abort();
  }, [key, visible, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const change = useCallback(
    (update: (data: T) => T) => setState((old) => (old.data === null ? old : { ...old, data: update(old.data) })),
    [],
  );
  return { ...state, data: state.key === key ? state.data : null, reload, change };
}
