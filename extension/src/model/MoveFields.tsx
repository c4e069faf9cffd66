import type { TranslationBundle } from "@jupyterlab/translation";
import type { CheckReport } from "assay-lab/contract";
import React from "react";

interface MoveFieldsProps {
  trans: TranslationBundle;
  /** What the move does, a line each. */
  changes: readonly string[];
  /** How the checks of a promotion go; null where none are made. */
  report: CheckReport | null;
  /** Whether the checks that fail refuse it. */
  isRefused: boolean;
}

/** What the dialog of a move shows and asks: what changes, how the checks go, the reason. */
export function MoveFields({ trans, changes, report, isRefused }: MoveFieldsProps): React.JSX.Element {
  return (
    <div className="jp-AssayMove">
      <ul className="jp-AssayMove-changes">
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      {report && (
        <ul className="jp-AssayMove-checks" aria-label={trans.__("Checks")} data-passed={report.passed}>
          {report.checks.map(({ name, passed, detail }) => (
            <li key={name} data-check={name} data-passed={passed}>
              <span aria-hidden="true">{passed ? "✓" : "✗"}</span>
              <span>
                <strong>{passed ? trans.__("%1: passed", name) : trans.__("%1: failed", name)}</strong> {detail}
              </span>
            </li>
          ))}
        </ul>
      )}
      <label>
        {isRefused ? trans.__("Reason (needed, kept in the history)") : trans.__("Reason (kept in the history)")}
        <textarea className="jp-mod-styled" name="reason" rows={2} maxLength={10_000} required={isRefused} />
      </label>
      {isRefused && (
        <label className="jp-Assay-check">
          <input type="checkbox" name="force" />
          {trans.__("Promote past the failed checks; owners may, with a reason")}
        </label>
      )}
    </div>
  );
}
