import type { WorkoutReport } from "assay-lab/contract";
import React from "react";
import { formatCount } from "../../elements/format";
import { ProblemTable } from "../../elements/ProblemTable";
import { problemText } from "../../elements/problem-text";
import { sentenceText } from "../../elements/sentence-text";
import { usePanel } from "../../panel";

/** Lines that are listed one by one. */
const listedMost = 100;

/** What the check of the last file found: what was recognised, changed and refused, line by line. */
export function LogReport({ report }: { report: WorkoutReport }): React.JSX.Element {
  const { trans } = usePanel();
  const { format, file_name, rows_read, sets_kept, units, rules, problems, assumed, assumed_codes: codes = [] } = report;
  const formats: Readonly<Record<typeof format, string>> = {
    strong: trans.__("an export of Strong"),
    strong_2016: trans.__("an export of Strong of 2016"),
    hevy: trans.__("an export of Hevy"),
    hevy_json: trans.__("an export of Hevy as JSON"),
    fitnotes: trans.__("an export of FitNotes"),
    json: trans.__("JSON of sessions"),
  };
  const dropped = rules.reduce((sum, rule) => sum + rule.dropped, 0);
  const changed = rules.reduce((sum, rule) => sum + rule.rows - rule.dropped, 0);
  const inUnits = [
    ...(units.kg > 0 ? [trans._n("%2 set in kilograms", "%2 sets in kilograms", units.kg, formatCount(units.kg))] : []),
    ...(units.lb > 0 ? [trans._n("%2 set in pounds", "%2 sets in pounds", units.lb, formatCount(units.lb))] : []),
  ];
  return (
    <section aria-label={trans.__("Report")} className="jp-AssayWorkouts-report">
      <h2>{trans.__("What became of the last file")}</h2>
      <p>
        {trans.__(
          "%1 is %2: %3 rows read, %4 sets kept (%5).",
          file_name,
          formats[format] ?? format,
          formatCount(rows_read),
          formatCount(sets_kept),
          inUnits.join(", "),
        )}
      </p>
      <ul className="jp-AssayWorkouts-facts">
        <li data-count="changed">{trans._n("%1 line read otherwise", "%1 lines read otherwise", changed)}</li>
        <li data-count="dropped">{trans._n("%1 line left out", "%1 lines left out", dropped)}</li>
      </ul>
      {assumed.map((each, k) => (
        <p key={each} className="jp-Assay-notice">
          {sentenceText(trans, codes.slice(k, k + 1), each)}
        </p>
      ))}
      {rules.length > 0 && (
        <details open>
          <summary>{trans.__("By kind")}</summary>
          <ul className="jp-AssayWorkouts-rules">
            {rules.map(({ rule, column, rows, message, first_line }) => (
              <li key={`${rule} ${column} ${message}`}>
                {trans._n(
                  "%1 line: %2 (line %3)",
                  "%1 lines: %2 (first in line %3)",
                  rows,
                  problemText(trans, { rule, column, message }),
                  first_line,
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {problems.length > 0 && (
        <details>
          <summary>{trans.__("Line by line")}</summary>
          <ProblemTable problems={problems} most={listedMost} total={dropped + changed} />
        </details>
      )}
    </section>
  );
}
