import React, { useId, useMemo, useState } from "react";
import { Select } from "../elements/Field";
import { formatDuration, formatMetric } from "../elements/format";
import { colorsOf } from "../elements/identity-colors";
import { Logarithmic } from "../elements/Logarithmic";
import { Swatch } from "../elements/Swatch";
import { Empty, State } from "../elements/states";
import { Status } from "../elements/status";
import { Wide } from "../elements/Wide";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { Figure } from "../plotly/Figure";
import { areAbove0, type BestAxis, type BestOptions, bestFigures, reachedBy } from "./best-figure";
import { type ComparedStudy, useComparedStudies } from "./use-compared-studies";

/** Several searches in one figure, the best until then of each, and beside each other in a table; live while trials run. */
export function CompareStudiesPanel({ ids }: { ids: readonly string[] }): React.JSX.Element {
  const studies = useComparedStudies(ids);
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayStudyComparison">
      <State of={studies} rows={10}>
        {(all) => (
          <>
            <BestOf studies={all} />
            <Table studies={all} />
          </>
        )}
      </State>
    </div>
  );
}

function BestOf({ studies }: { studies: readonly ComparedStudy[] }): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const [options, setOptions] = useState<BestOptions>({ axis: "trial", logarithmic: false });
  const canBeLog = useMemo(() => areAbove0(studies), [studies]);
  const figures = useMemo(
    () => bestFigures(studies, options, { trial: trans.__("trial"), seconds: trans.__("seconds"), value: trans.__("value") }),
    [studies, options, trans],
  );
  const left = studies.filter(({ study }) => study.directions.length > 1).map(({ study }) => study.name);
  const change = (changes: Partial<BestOptions>) => setOptions((old) => ({ ...old, ...changes }));
  return (
    <section aria-label={trans.__("Best so far")}>
      <div className="jp-Assay-bar">
        <h2>{trans.__("Best so far")}</h2>
        <span className="jp-Assay-spring" />
        <Select
          id={id}
          name="best_axis"
          label={trans.__("Axis of the history")}
          value={options.axis}
          options={[
            { value: "trial", label: trans.__("by trial") },
            { value: "seconds", label: trans.__("by seconds since the start") },
          ]}
          onChange={(axis) => change({ axis: axis as BestAxis })}
        />
        <Logarithmic
          name="best_logarithmic"
          checked={options.logarithmic}
          canBe={canBeLog}
          onChange={(logarithmic) => change({ logarithmic })}
        />
      </div>
      {figures.length > 1 && (
        <p className="jp-Assay-faint">
          {trans.__("Studies of another metric, or another direction, have an axis of their own.")}
        </p>
      )}
      {left.length > 0 && (
        <p className="jp-Assay-faint">{trans.__("Without a single best, for it has several objectives: %1", left.join(", "))}</p>
      )}
      {figures.length === 0 && left.length === 0 && <Empty title={trans.__("No completed trial yet.")} />}
      <div className="jp-Assay-figures">
        {figures.map(({ name, figure }) => (
          <figure key={name} className="jp-mod-wide" data-best={name}>
            <figcaption>{name}</figcaption>
            <Figure figure={figure} label={trans.__("Best %1 until then, of each study", name)} height={360} />
          </figure>
        ))}
      </div>
    </section>
  );
}

/** The studies beside each other: how they stand, their best, and what it took to come there. */
function Table({ studies }: { studies: readonly ComparedStudy[] }): React.JSX.Element {
  const { commands, preferences, trans } = usePanel();
  const colors = colorsOf(studies.map(({ study }) => study.id));
  const titles = [
    trans.__("Study"),
    trans.__("State"),
    trans.__("Algorithm"),
    trans.__("Dataset"),
    trans.__("Metric"),
    trans.__("Trials"),
    trans.__("Best"),
    trans.__("at trial"),
    trans.__("after"),
  ];
  return (
    <section aria-label={trans.__("Studies")}>
      <h2>{trans.__("Studies")}</h2>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              {titles.map((title, k) => (
                <th key={title} scope="col" className={k > 4 ? "jp-mod-numeric" : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {studies.map((each) => {
              const { id, name, study_status, algorithm, dataset, metric, directions, n_trials } = each.study;
              const reached = directions.length === 1 ? reachedBy(each) : null;
              return (
                <tr key={id} data-study={name}>
                  <th scope="row">
                    <Swatch color={colors.get(id)!} />
                    <button
                      type="button"
                      className="jp-Assay-link"
                      onClick={() => void commands.execute(commandIds.study, { id, name })}
                    >
                      {name}
                    </button>
                  </th>
                  <td>
                    <Status status={study_status} />
                  </td>
                  <td>{algorithm ?? "–"}</td>
                  <td>{dataset ?? "–"}</td>
                  <td>{metric?.replaceAll("_", " ") ?? "–"}</td>
                  <td className="jp-mod-numeric">{n_trials}</td>
                  <td className="jp-mod-numeric">{formatMetric(reached?.value, preferences.values.decimals)}</td>
                  <td className="jp-mod-numeric">{reached?.trial ?? "–"}</td>
                  <td className="jp-mod-numeric">{reached?.seconds == null ? "–" : formatDuration(1000 * reached.seconds)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
