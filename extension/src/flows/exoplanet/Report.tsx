import type { SignalReport } from "assay-lab/contract";
import React from "react";
import { ProblemTable } from "../../elements/ProblemTable";
import { problemText } from "../../elements/problem-text";
import { usePanel } from "../../panel";

/** Problems that are listed one by one. */
const listedMost = 20;

/** What the check of a table found: rows that remain, broken rules, leaky columns, the first problems by line. */
export function Report({ report }: { report: SignalReport }): React.JSX.Element {
  const { trans } = usePanel();
  const { rows_kept, rows_read, stars, classes, rules, problems, leaky_columns, assumed } = report;
  const left = rules.reduce((sum, { rows }) => sum + rows, 0);
  const counts = Object.entries(classes).map(([name, count]) => `${name} ${count}`);
  return (
    <div className="jp-AssayExoplanets-report">
      <p>{trans.__("%1 of %2 signals passed, of %3 stars: %4", rows_kept, rows_read, stars, counts.join(", "))}</p>
      {leaky_columns.length > 0 && <p>{trans.__("Left behind because they tell the verdict: %1", leaky_columns.join(", "))}</p>}
      {assumed.map((each) => (
        <p key={each}>{each}</p>
      ))}
      {rules.length > 0 && (
        <details open>
          <summary>{trans.__("Rows that were left out")}</summary>
          <ul>
            {rules.map(({ rule, column, rows, message, first_line }) => (
              <li key={`${rule} ${column}`}>
                {trans._n(
                  "%1 row: %2, in line %3",
                  "%1 rows: %2, first in line %3",
                  rows,
                  problemText(trans, { rule, column, message }),
                  first_line,
                )}
              </li>
            ))}
          </ul>
          <ProblemTable problems={problems} most={listedMost} total={left} />
        </details>
      )}
    </div>
  );
}
