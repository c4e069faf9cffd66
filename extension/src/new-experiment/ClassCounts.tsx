import type { ColumnProfile } from "assay-lab/contract";
import React from "react";
import { usePanel } from "../panel";
import { classCounts, fewRows } from "./class-counts";
import type { Draft } from "./use-draft";

interface ClassCountsProps {
  profile: ColumnProfile;
  draft: Draft;
}

/** How many rows each class has, and how many of them are tested on. */
export function ClassCounts({ profile, draft }: ClassCountsProps): React.JSX.Element | null {
  const { trans } = usePanel();
  const counts = classCounts(profile, draft);
  const most = Math.max(1, ...counts.map(({ rows }) => rows));
  const isExact = draft.stratified && draft.group === "" && draft.time === "";
  if (counts.length === 0) return null;
  return (
    <table className="jp-Assay-table jp-AssayNew-classes">
      <caption>{isExact ? trans.__("Classes") : trans.__("Classes, about")}</caption>
      <thead>
        <tr>
          <th scope="col">{trans.__("Class")}</th>
          <th scope="col">{trans.__("Share")}</th>
          <th scope="col" className="jp-mod-numeric">
            {trans.__("Rows")}
          </th>
          <th scope="col" className="jp-mod-numeric">
            {trans.__("Train")}
          </th>
          <th scope="col" className="jp-mod-numeric">
            {trans.__("Test")}
          </th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ label, rows, train, test }) => (
          <tr key={label} data-class={label}>
            <th scope="row">{label}</th>
            <td>
              <div className="jp-AssayNew-share" style={{ width: `${(100 * rows) / most}%` }} />
            </td>
            <td className="jp-mod-numeric">{rows}</td>
            <td className="jp-mod-numeric">{train}</td>
            <td className="jp-mod-numeric">
              {test}
              {test < fewRows && <span title={trans.__("A score of so few rows says little.")}> ⚠</span>}
            </td>
          </tr>
        ))}
      </tbody>
      {profile.distinct > counts.length && (
        <tfoot>
          <tr>
            <td colSpan={5} className="jp-Assay-faint">
              {trans.__("The %1 most frequent of %2 classes.", counts.length, profile.distinct)}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
