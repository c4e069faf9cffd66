import type { ColumnProfile } from "assay-lab/contract";
import React from "react";

interface BarsProps {
  column: ColumnProfile;
  label: string;
  /** Width in units of the drawing, which grows with its place. */
  width?: number;
  height?: number;
}

/** A column's distribution as small bars: its histogram, or its most frequent values. */
export function Bars({ column, label, width = 160, height = 36 }: BarsProps): React.JSX.Element {
  const { edges, counts } = column.histogram ?? { edges: [], counts: column.top.map(({ count }) => count) };
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const title = (k: number) =>
    column.histogram ? `${short(edges[k])} … ${short(edges[k + 1])}: ${counts[k]}` : `${column.top[k]?.value}: ${counts[k]}`;
  return (
    <svg className="jp-Assay-bars" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {counts.map((count, k) => {
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * height);
        return (
          <rect key={k} x={k * step} y={height - tall} width={Math.max(0.5, step - (counts.length > 1 ? 1 : 0))} height={tall}>
            <title>{title(k)}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** A figure of a column in at most six digits; of an instant its day. */
export function short(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 1e9 ? String(value) : value.toPrecision(4);
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 10) : value;
  return value === null || value === undefined ? "–" : String(value);
}
