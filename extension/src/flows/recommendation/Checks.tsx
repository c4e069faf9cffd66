import type { EtlCheck } from "assay-lab/contract";
import React from "react";
import { formatMetric } from "../../elements/format";
import { sentenceText } from "../../elements/sentence-text";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { checkWord } from "./names";

/** What a finished dataset must be, and what it is; of a failed check what may be done. Nothing before they were made. */
export function Checks({ checks }: { checks: readonly EtlCheck[] }): React.JSX.Element | null {
  const { preferences, trans } = usePanel();
  if (checks.length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed);
  const isSmall = failed.some(({ name }) => name === "train size" || name === "test size");
  return (
    <section aria-label={trans.__("Checks")}>
      <h3>{trans.__("Checks")}</h3>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Check")}</th>
              <th scope="col">{trans.__("Outcome")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Figure")}
              </th>
              <th scope="col">{trans.__("Must be")}</th>
            </tr>
          </thead>
          <tbody>
            {checks.map(({ name, passed, figure, bound, bound_codes, message, message_codes }) => (
              <tr key={name} data-check={name} data-passed={passed} title={sentenceText(trans, message_codes, message)}>
                <td>{checkWord(trans, name)}</td>
                <td>
                  <span className="jp-Assay-badge" data-tone={passed ? "good" : "bad"}>
                    {passed ? trans.__("pass") : trans.__("fail")}
                  </span>
                </td>
                <td className="jp-mod-numeric">{formatMetric(figure, preferences.values.decimals)}</td>
                <td>{sentenceText(trans, bound_codes, bound)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {failed.length > 0 && (
        <p className="jp-Assay-warning">
          {trans.__("Nothing was published. The report below shows the rows as they were, and Resume checks them again.")}
        </p>
      )}
      {isSmall && (
        <p className="jp-Assay-faint">
          {trans.__(
            "For a small application the service takes lower bounds, in MB: %1 and %2.",
            "ETL_MIN_TRAIN_MB",
            "ETL_MIN_TEST_MB",
          )}
        </p>
      )}
    </section>
  );
}
