import React from "react";
import { usePanel } from "../panel";
import { type FoundProblem, problemText } from "./problem-text";
import { Wide } from "./Wide";

/** A cell of a file, or a whole line, that a check found wrong. */
export interface LineProblem extends FoundProblem {
  line: number;
  value: string | number | null;
  /** Whether the line was left out, where a check may also read it otherwise. */
  dropped?: boolean;
}

interface ProblemTableProps {
  problems: readonly LineProblem[];
  /** Lines that are listed one by one. */
  most: number;
  /** Problems of the whole file. */
  total: number;
}

/** What is wrong in a file, line by line: column, value, why, and what was done where that differs; then how many more there are. */
export function ProblemTable({ problems, most, total }: ProblemTableProps): React.JSX.Element {
  const { trans } = usePanel();
  const listed = problems.slice(0, most);
  const differs = listed.some(({ dropped }) => dropped !== undefined);
  return (
    <>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Line")}
              </th>
              <th scope="col">{trans.__("Column")}</th>
              <th scope="col">{trans.__("Value")}</th>
              <th scope="col">{trans.__("Problem")}</th>
              {differs && <th scope="col">{trans.__("What was done")}</th>}
            </tr>
          </thead>
          <tbody>
            {listed.map((problem, k) => (
              <tr key={k} data-line={problem.line} data-dropped={problem.dropped}>
                <td className="jp-mod-numeric">{problem.line}</td>
                <td>{problem.column ?? trans.__("whole line")}</td>
                <td className="jp-mod-code">{problem.value ?? (problem.column === null ? "–" : trans.__("missing"))}</td>
                <td>{problemText(trans, problem)}</td>
                {differs && <td>{problem.dropped ? trans.__("left out") : trans.__("read otherwise")}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {total > listed.length && <p className="jp-Assay-faint">{trans.__("and %1 more", total - listed.length)}</p>}
    </>
  );
}
