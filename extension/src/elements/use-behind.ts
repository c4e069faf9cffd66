import { useEffect, useRef } from "react";

/**
 * A function that notes that something was told which an answer on its way may not know yet; `again` is called once when that has come.
 */
export function useBehind(loading: boolean, again: () => void): () => void {
  const isBehind = useRef(false);
  useEffect(() => {
    if (loading || !isBehind.current) return;
    isBehind.current = false;
    again();
  }, [loading]);
  return () => {
    isBehind.current = true;
  };
}
