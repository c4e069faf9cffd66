import React from "react";
import { usePanel } from "../panel";
import { wordOf } from "../words";

/** A status as a coloured dot and its word, so that colour alone says nothing. */
export function Status({ status }: { status: string }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <span className="jp-Assay-status" data-status={status}>
      <span className="jp-Assay-dot" aria-hidden="true" />
      {wordOf(trans, status)}
    </span>
  );
}

interface ProgressProps {
  step: number;
  steps: number;
  label: string;
}

/** A bar of `step` of `steps`; without steps it only shows that work goes on. */
export function Progress({ step, steps, label }: ProgressProps): React.JSX.Element {
  const known = steps > 0;
  const share = known ? Math.min(1, step / steps) : 0;
  return (
    <div
      className={known ? "jp-Assay-progress" : "jp-Assay-progress jp-mod-indeterminate"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={known ? steps : undefined}
      aria-valuenow={known ? step : undefined}
      title={known ? `${step} / ${steps}` : label}
    >
      <div style={known ? { width: `${100 * share}%` } : undefined} />
    </div>
  );
}
