import { useEffect, useRef } from "react";
import { usePanel } from "../panel";

/** Calls `refresh` every `ms` while the panel is seen and `active` holds: for what no event tells. */
export function useRefresh(refresh: () => void, ms: number, active: boolean): void {
  const { visible } = usePanel();
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (!visible || !active) return;
    const timer = setInterval(() => document.visibilityState === "visible" && latest.current(), ms);
    return () => clearInterval(timer);
  }, [visible, active, ms]);
}
