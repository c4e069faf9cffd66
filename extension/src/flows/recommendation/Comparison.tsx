import type { RecommenderComparison } from "assay-lab/contract";
import React from "react";
import { formatCount, formatInstant, formatInterval, formatSigned } from "../../elements/format";
import { Failure, State } from "../../elements/states";
import { Progress, Status } from "../../elements/status";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { Figured } from "./Figured";
import { inOrder, tableMeasures } from "./judged";
import { MeasureFigure } from "./MeasureFigure";
import { measureWord, recommenderWord } from "./names";
import { useComparison } from "./use-recommendations";

/** The newest comparison: several recommenders judged on the same people, and by how much each is better than popularity. */
export function Comparison(): React.JSX.Element {
  const { trans } = usePanel();
  const comparison = useComparison();
  return (
    <State of={comparison} rows={3}>
      {({ job }) =>
        job !== null && (
          <section aria-label={trans.__("Newest comparison")} data-comparison={job.job_status}>
            <h2>{trans.__("Newest comparison")}</h2>
            <div className="jp-Assay-bar">
              <Status status={job.job_status} />
              <span className="jp-Assay-faint">{formatInstant(job.created_at)}</span>
            </div>
            {job.job_status === "running" && (
              <Progress step={job.progress?.step ?? 0} steps={job.progress?.steps ?? 0} label={trans.__("Newest comparison")} />
            )}
            <Failure error={job.error} />
            {job.job_status === "completed" && <Compared found={job.results as RecommenderComparison} />}
          </section>
        )
      }
    </State>
  );
}

function Compared({ found }: { found: RecommenderComparison }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const measures = [...new Set(found.models.flatMap((model) => Object.keys(model.measures)))].sort(inOrder);
  const first = measures[0] ?? "";
  const models = [...found.models].sort((a, b) => (b.measures[first]?.value ?? -1) - (a.measures[first]?.value ?? -1));
  const titleOf = ({ name, algorithm }: (typeof models)[number]) =>
    recommenderWord(trans, algorithm) + name.slice(algorithm.length);
  const better = (name: string) => {
    const own = found.differences.find(({ a, b, measure }) => measure === first && a === name && b === "popularity");
    if (own) return own;
    const other = found.differences.find(({ a, b, measure }) => measure === first && b === name && a === "popularity");
    return other && { value: -other.value, low: -other.high, high: -other.low };
  };
  const digits = Math.min(3, preferences.values.decimals);
  return (
    <>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Recommender")}</th>
              {tableMeasures(measures).map((measure) => (
                <th key={measure} scope="col" className="jp-mod-numeric">
                  {measureWord(trans, measure)}
                </th>
              ))}
              <th scope="col">{trans.__("%1 above popularity", measureWord(trans, first))}</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => {
              const gain = better(model.name);
              return (
                <tr key={model.name} data-compared={model.name}>
                  <th scope="row">{titleOf(model)}</th>
                  {tableMeasures(measures).map((measure) => (
                    <td key={measure} className="jp-mod-numeric">
                      <Figured value={model.measures[measure]} />
                    </td>
                  ))}
                  <td>
                    {gain
                      ? `${formatSigned(gain.value, digits)} ${formatInterval(formatSigned(gain.low, digits), formatSigned(gain.high, digits))}`
                      : "–"}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
      <p className="jp-Assay-faint">
        {trans.__(
          "Judged on the same %1 people, pair by pair; %2 more are new to the fit and left out.",
          formatCount(found.users),
          formatCount(found.new_users),
        )}
      </p>
      <MeasureFigure models={models} titles={models.map(titleOf)} measures={measures} />
    </>
  );
}
