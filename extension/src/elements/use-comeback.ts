import { useEffect } from "react";
import type { LiveState } from "../live";
import { usePanel } from "../panel";

/** How often is asked again where the stream of events did not break, so that it cannot tell. */
const againMs = 5000;

/** Calls `again` when the service is back after it did not answer; rests while the panel or the page is not seen, or it is asked just now. */
export function useComeback(isAway: boolean, isAsking: boolean, again: () => void): void {
  const { live, visible } = usePanel();
  useEffect(() => (isAway && visible ? live.noteUnanswered(again) : undefined), [isAway, visible, live, again]);
  useEffect(() => {
    if (!isAway || !visible) return;
    const follow = (_: unknown, state: LiveState) => state === "live" && again();
    live.stateChanged.connect(follow);
    return () => void live.stateChanged.disconnect(follow);
  }, [isAway, visible, live, again]);
  useEffect(() => {
    if (!isAway || !visible || isAsking) return;
    const ask = () => live.state !== "away" && document.visibilityState === "visible" && again();
    const timer = setInterval(ask, againMs);
    return () => clearInterval(timer);
  }, [isAway, visible, isAsking, live, again]);
}
