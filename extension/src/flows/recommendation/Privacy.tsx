import type { EtlPrivacy } from "assay-lab/contract";
import React from "react";
import { formatCount, formatPercent } from "../../elements/format";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";

/** What either share may be at most for the dataset to be called anonymised. */
const shareMost = 0.05;

interface Measure {
  name: string;
  title: string;
  figure: string;
  /** Null: no bound is set on it. */
  passes: boolean | null;
  bound: string;
  says: string;
}

/** How far a dataset is from naming people, in the words of the specification: pseudonymised unless every measure passes. */
export function Privacy({ privacy }: { privacy: EtlPrivacy | null }): React.JSX.Element | null {
  const { trans } = usePanel();
  if (privacy === null) return null;
  const isAnonymous = privacy.word === "anonymised";
  return (
    <section aria-label={trans.__("Privacy")} data-privacy={privacy.word}>
      <h3>{trans.__("Privacy")}</h3>
      <p>
        <span className="jp-Assay-badge" data-tone={isAnonymous ? "good" : "warning"}>
          {isAnonymous ? trans.__("anonymised") : trans.__("pseudonymised")}
        </span>{" "}
        {trans.__("A keyed hash stands for each person's id; names and addresses were never read.")}{" "}
        {!isAnonymous && trans.__("The rows are not anonymous: a measure below does not pass, so they stay people's data.")}
      </p>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("What is measured")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Figure")}
              </th>
              <th scope="col">{trans.__("Outcome")}</th>
              <th scope="col">{trans.__("What it says")}</th>
            </tr>
          </thead>
          <tbody>
            {measuresOf(privacy).map(({ name, title, figure, passes, bound, says }) => (
              <tr key={name} data-measure={name} data-passes={passes}>
                <td>{title}</td>
                <td className="jp-mod-numeric">{figure}</td>
                <td>
                  {passes !== null && (
                    <span className="jp-Assay-badge" data-tone={passes ? "good" : "warning"}>
                      {passes ? trans.__("pass") : trans.__("fail")}
                    </span>
                  )}{" "}
                  {bound}
                </td>
                <td>{says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );

  function measuresOf({
    k,
    k_wanted,
    generalised,
    suppressed,
    singling_out,
    linkage,
    people,
    measured_on,
  }: EtlPrivacy): Measure[] {
    const most = `≤ ${formatPercent(shareMost)}`;
    return [
      {
        name: "k",
        title: trans.__("k-anonymity"),
        figure: String(k),
        passes: k >= k_wanted,
        bound: `k ≥ ${k_wanted}`,
        says: trans.__("the fewest people with the same age group, region and segment"),
      },
      {
        name: "generalised",
        title: trans.__("generalised"),
        figure: formatCount(generalised),
        passes: null,
        bound: trans.__("of %1 people", formatCount(people)),
        says: trans.__("people whose region or age group became “other”"),
      },
      {
        name: "suppressed",
        title: trans.__("people left out"),
        figure: formatCount(suppressed),
        passes: null,
        bound: "",
        says: trans.__("people who were still too few"),
      },
      {
        name: "singling_out",
        title: trans.__("singling out"),
        figure: formatPercent(singling_out),
        passes: singling_out <= shareMost,
        bound: most,
        says: trans.__("people whom their attributes single out, vectors among them"),
      },
      {
        name: "linkage",
        title: trans.__("linkage"),
        figure: formatPercent(linkage),
        passes: linkage <= shareMost,
        bound: most,
        says: trans.__("people whom two of their interactions lead to, of %1 measured", formatCount(measured_on)),
      },
    ];
  }
}
