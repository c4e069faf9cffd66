import type { Validation } from "assay-lab/contract";
import React from "react";
import { usePanel } from "../panel";

/** What stands against the training, errors first, each with its remedy. */
export function Problems({ problems }: { problems: Validation["problems"] }): React.JSX.Element | null {
  const { trans } = usePanel();
  if (problems.length === 0) return null;
  const sorted = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <ul className="jp-AssayNew-problems" aria-label={trans.__("Problems")}>
      {sorted.map(({ column, severity, problem, remedy }, i) => (
        <li key={i} data-severity={severity}>
          <strong>{severity === "error" ? trans.__("Error") : trans.__("Warning")}</strong>
          {column !== null && <code>{column}</code>} {problem}
          <span className="jp-Assay-faint">{remedy}</span>
        </li>
      ))}
    </ul>
  );
}
