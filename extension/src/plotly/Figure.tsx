import React, { useEffect, useRef } from "react";
import { type Drawing, drawInto } from "./draw";
import type { PlotlyFigure } from "./plotly-figure";

interface FigureProps {
  figure: PlotlyFigure;
  /** Said by screen readers in place of the picture. */
  label: string;
  height?: number;
  /** Told the traces when the reader has marked something in them. */
  onRestyle?: (traces: readonly Record<string, unknown>[]) => void;
}

/** A plotly figure inside a panel. */
export function Figure({ figure, label, height = 300, onRestyle }: FigureProps): React.JSX.Element {
  const node = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const told = useRef(onRestyle);
  told.current = onRestyle;
  useEffect(() => {
    if (!node.current) return;
    drawing.current = drawInto(node.current, height, (traces) => told.current?.(traces));
    return () => drawing.current?.dispose();
  }, [height]);
  useEffect(() => {
    drawing.current?.update(figure).catch((error) => console.error(`assay: the figure ${label} was not drawn`, error));
  }, [figure, label, height]);
  return <div ref={node} className="jp-Assay-figure" role="figure" aria-label={label} style={{ minHeight: height }} />;
}
