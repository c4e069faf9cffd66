import type { LogLine } from "assay-lab/contract";
import React, { useEffect, useRef } from "react";
import { usePanel } from "../panel";

/** The log, kept at its end while the reader is there. */
export function Logs({ lines }: { lines: readonly LogLine[] }): React.JSX.Element {
  const { trans } = usePanel();
  const node = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (node.current && atEnd.current) node.current.scrollTop = node.current.scrollHeight;
  }, [lines]);
  if (lines.length === 0) return <p className="jp-Assay-faint">{trans.__("Nothing logged.")}</p>;
  return (
    <div
      className="jp-AssayRun-logs"
      role="log"
      tabIndex={0}
      aria-label={trans.__("Log")}
      ref={node}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 8;
      }}
    >
      {lines.map(({ id, level, message, at }) => (
        <div key={id} data-level={level}>
          <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time> <span>{message}</span>
        </div>
      ))}
    </div>
  );
}
