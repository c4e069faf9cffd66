import type { Event } from "assay-lab/contract";
import { useEffect, useRef } from "react";
import { usePanel } from "../panel";

/** Hears the service's events while the panel is seen; `onAgain` is called when it is seen or connected again, to catch up. */
export function useEvents(onEvent: (event: Event) => void, onAgain?: () => void): void {
  const { live, visible } = usePanel();
  const latest = useRef({ onEvent, onAgain });
  latest.current = { onEvent, onAgain };

  useEffect(() => {
    if (!visible) return;
    let broken = false;
    const follow = (_: unknown, state: string) => {
      if (state === "away") broken = true;
      if (state === "live" && broken) {
        broken = false;
        latest.current.onAgain?.();
      }
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
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      latest.current();
    }, ms);
  };
}
