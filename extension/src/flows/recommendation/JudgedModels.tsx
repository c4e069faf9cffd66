import React from "react";
import { formatBytes, formatCount, formatInstant } from "../../elements/format";
import { Wide } from "../../elements/Wide";
import { commandIds } from "../../ids";
import { usePanel } from "../../panel";
import { Figured } from "./Figured";
import { type JudgedGroup, type JudgedModel, tableMeasures } from "./judged";
import { MeasureFigure } from "./MeasureFigure";
import { measureWord, recommenderWord } from "./names";
import { Register } from "./Register";

interface JudgedModelsProps {
  group: JudgedGroup;
  onAsk(recommender: string): void;
  onChanged(): void;
}

/** Recommenders that were judged on the same users, side by side: measures with their intervals, bars of one of them. */
export function JudgedModels({ group, onAsk, onChanged }: JudgedModelsProps): React.JSX.Element {
  const { trans } = usePanel();
  const { dataset, measures, models } = group;
  const columns = tableMeasures(measures);
  return (
    <section aria-label={dataset} className="jp-AssayRecommendations-group" data-dataset={dataset}>
      <h3>{trans.__("Judged on the test rows of %1", dataset)}</h3>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col">{trans.__("Recommender")}</th>
              {columns.map((measure) => (
                <th key={measure} scope="col" className="jp-mod-numeric">
                  {measureWord(trans, measure)}
                </th>
              ))}
              <th scope="col">{trans.__("Fitted on")}</th>
              <th scope="col">
                <span className="jp-Assay-hidden">{trans.__("What may be done")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <ModelRow
                key={model.recommender?.recommender_id ?? model.name}
                model={model}
                columns={columns}
                onAsk={onAsk}
                onChanged={onChanged}
              />
            ))}
          </tbody>
        </table>
      </Wide>
      <p className="jp-Assay-faint">
        {trans.__("All items are ranked, what a person took is hidden; in brackets the 95 % interval over the people drawn.")}
      </p>
      <MeasureFigure
        models={models}
        titles={unlike(models.map(({ name }) => recommenderWord(trans, name)))}
        measures={measures}
      />
    </section>
  );
}

interface ModelRowProps {
  model: JudgedModel;
  columns: readonly string[];
  onAsk(recommender: string): void;
  onChanged(): void;
}

function ModelRow({ model, columns, onAsk, onChanged }: ModelRowProps): React.JSX.Element {
  const { commands, trans } = usePanel();
  const { name, recommender, measures } = model;
  const title = recommenderWord(trans, name);
  return (
    <tr data-recommender={name} data-baseline={recommender === null}>
      <th scope="row">
        {recommender?.run_id ? (
          <button
            type="button"
            className="jp-Assay-link"
            onClick={() => void commands.execute(commandIds.run, { id: recommender.run_id, name })}
          >
            {title}
          </button>
        ) : (
          title
        )}
        <span className="jp-Assay-faint jp-AssayModels-under">
          {recommender ? formatInstant(recommender.created_at) : trans.__("baseline")}
        </span>
      </th>
      {columns.map((measure) => (
        <td key={measure} className="jp-mod-numeric" data-measure={measure}>
          <Figured value={measures[measure]} />
        </td>
      ))}
      <td>
        {recommender && (
          <>
            {trans.__("%1 people, %2 items", formatCount(recommender.users), formatCount(recommender.items))}
            <span className="jp-Assay-faint jp-AssayModels-under">{formatBytes(recommender.size_bytes)}</span>
          </>
        )}
      </td>
      <td>
        {recommender && (
          <div className="jp-AssayRecommendations-moves">
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Ask %1", title)}
              onClick={() => onAsk(recommender.recommender_id)}
            >
              {trans.__("Ask")}
            </button>
            <Register recommender={recommender} title={title} onChanged={onChanged} />
          </div>
        )}
      </td>
    </tr>
  );
}

/** Names of which none stands twice: the second EASE is EASE 2. */
function unlike(names: readonly string[]): string[] {
  return names.map((name, k) => {
    const before = names.slice(0, k).filter((each) => each === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
}
