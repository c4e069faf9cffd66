import type { Event } from "assay-lab/contract";
import { useEffect, useRef } from "react";
import type { LiveState } from "../live";
import { usePanel } from "../panel";

/**
 * Hears the service's events while the panel is seen; `onAgain` is called whenever the stream comes to be there, the first time too: what was read
 * before may have changed before the stream told of it.
 */
export function useEvents(onEvent: (event: Event) => void, onAgain?: () => void): void {
  const { live, visible } = usePanel();
  const latest = useRef({ onEvent, onAgain });
  latest.current = { onEvent, onAgain };

  useEffect(() => {
    if (!visible) return;
    const follow = (_: unknown, state: LiveState) => {
      if (state === "live") latest.current.onAgain?.();
    };
    live.stateChanged.connect(follow);
    const stop = live.listen((event) => latest.current.onEvent(event));
    return () => {
      stop();
      live.stateChanged.disconnect(follow);
    };
  }, [live, visible]);
}

/** A function that calls `action` once, `ms` after the first of many calls. */
export function useSoon(action: () => void, ms: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(action);
  latest.current = action;
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      latest.current();
    }, ms);
  };
}
