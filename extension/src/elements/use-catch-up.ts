import { useRef } from "react";
import { isPassing } from "../api";
import { usePanel } from "../panel";
import { useSoon } from "./use-events";

/** How soon it is read again after it was refused. */
const againMs = 5000;

/**
 * A function that reads what is new once, `ms` after the first of many calls, and again some seconds after that was refused by no fault of the
 * caller's. It reads one after another: an older answer never takes the place of a newer one. Nothing is read while the panel or the page is hidden: it
 * is read anew when it is seen.
 */
export function useCatchUp(read: () => Promise<unknown>, ms: number): () => void {
  const { visible } = usePanel();
  const isSeen = useRef(visible);
  isSeen.current = visible;
  const isReading = useRef(false);
  const isBehind = useRef(false);
  const soon = useSoon(() => {
    if (!isSeen.current || document.visibilityState !== "visible") return;
    if (isReading.current) {
      isBehind.current = true;
      return;
    }
    isReading.current = true;
    read()
      .catch((error: unknown) => {
        console.warn("assay: what is new was not read", error);
        if (isPassing(error)) later();
      })
      .finally(() => {
        isReading.current = false;
        if (isBehind.current) soon();
        isBehind.current = false;
      });
  }, ms);
  const later = useSoon(soon, againMs);
  return soon;
}
