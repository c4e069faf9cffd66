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
  // of values the share shows too: where all are different, no bar is tall
  const most = Math.max(1, ...counts, column.histogram ? 0 : column.count / 4);
  // few bars keep to the left and stay slender
  const step = Math.min(width / 8, width / Math.max(1, counts.length));
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

/** A figure of a column in some four digits; of an instant its day; an empty text as its quotes. */
export function short(value: unknown): string {
  if (typeof value === "number") {
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e9) return String(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(2);
    return size >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
  }
  if (typeof value === "string")
    return /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 10) : value === "" ? "“”" : isolated(value);
  return value === null || value === undefined ? "–" : String(value);
}

/** A text whose signs of direction turn nothing but itself. */
function isolated(text: string): string {
  return /[\u202a-\u202e\u2066-\u2069]/.test(text) ? `\u2068${text}\u2069` : text;
}
