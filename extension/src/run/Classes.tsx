import React from "react";
import { formatMetric } from "../elements/format";
import { Wide } from "../elements/Wide";
import { usePanel } from "../panel";
import type { ClassRow } from "./evaluation";

/** Precision, recall and F1 of each class, and how many rows it has. */
export function Classes({ classes }: { classes: readonly ClassRow[] }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const hasAreas = classes.some(({ rocAuc }) => rocAuc !== null);
  const heads = [
    trans.__("Precision"),
    trans.__("Recall"),
    trans.__("F1"),
    ...(hasAreas ? [trans.__("ROC AUC"), trans.__("Average precision")] : []),
    trans.__("Rows"),
  ];
  return (
    <section aria-label={trans.__("Classes")}>
      <h2>{trans.__("Classes")}</h2>
      <Wide>
        <table className="jp-Assay-table jp-AssayRun-metrics jp-AssayRun-classes">
          <thead>
            <tr>
              <th scope="col">{trans.__("Class")}</th>
              {heads.map((head) => (
                <th scope="col" className="jp-mod-numeric" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map(({ label, precision, recall, f1, rocAuc, averagePrecision, support }) => (
              <tr key={String(label)} data-class={String(label)}>
                <th scope="row">{String(label)}</th>
                {[precision, recall, f1, ...(hasAreas ? [rocAuc, averagePrecision] : []), support].map((value, k) => (
                  <td className="jp-mod-numeric" key={heads[k]}>
                    {formatMetric(value, preferences.values.decimals)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
