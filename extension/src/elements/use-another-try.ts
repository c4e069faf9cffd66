import { useEffect, useRef } from "react";
import { isAway, isPassing } from "../api";
import { usePanel } from "../panel";

/** Rest before the first try, doubled with each that failed, and its end. */
const [firstMs, longestMs] = [2000, 60_000];

/**
 * Calls `again` 2, 4, 8 … 60 seconds after what was asked came to an error that is not the caller's fault, as from a service that has too much to do,
 * while the panel and the page are seen. The service that is away is `useComeback`'s.
 */
export function useAnotherTry(error: unknown, isAsking: boolean, again: () => void): void {
  const { visible } = usePanel();
  const rest = useRef(firstMs);
  useEffect(() => {
    if (error === null) rest.current = firstMs;
    if (error === null || !visible || isAsking || isAway(error) || !isPassing(error)) return;
    const ask = () => {
      if (document.visibilityState !== "visible") return document.addEventListener("visibilitychange", ask, { once: true });
      rest.current = Math.min(2 * rest.current, longestMs);
      again();
    };
    const timer = setTimeout(ask, rest.current);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [error, visible, isAsking, again]);
}
