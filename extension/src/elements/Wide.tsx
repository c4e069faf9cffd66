import React, { useEffect, useRef, useState } from "react";
import { usePanel } from "../panel";

interface WideProps {
  /** What it is called where it has to be moved; a table by default. */
  label?: string;
  children: React.ReactNode;
}

/** What may be wider than its panel, as a table: it moves sideways by itself, by arrow keys too where it has to. */
export function Wide({ label, children }: WideProps): React.JSX.Element {
  const { trans } = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const [isTooWide, setTooWide] = useState(false);
  useEffect(() => {
    const node = box.current!;
    const observer = new ResizeObserver(() => setTooWide(node.scrollWidth > node.clientWidth));
    for (const each of [node, ...node.children]) observer.observe(each);
    return () => observer.disconnect();
  }); // each time: a child may be another than before
  const reached = { tabIndex: 0, role: "group", "aria-label": label ?? trans.__("Table that moves sideways") };
  return (
    <div ref={box} className="jp-Assay-wide" {...(isTooWide && reached)}>
      {children}
    </div>
  );
}
