import React, { useState } from "react";
import { State } from "../../elements/states";
import { useLoaded } from "../../elements/use-loaded";
import { Hyperparameters } from "../../new-experiment/Hyperparameters";
import { usePanel } from "../../panel";
import { served } from "../../words";
import { recommenderWord } from "./names";
import { recommendationRoutes } from "./recommendation-routes";

type Values = Readonly<Record<string, Record<string, unknown>>>;

interface TrainParamsProps {
  algorithms: readonly string[];
  /** Hyperparameters by algorithm, those that differ from the default. */
  values: Values;
  onChange(values: Values): void;
}

/** The hyperparameters of the chosen recommenders, one at a time, made from the schema of each. */
export function TrainParams({ algorithms, values, onChange }: TrainParamsProps): React.JSX.Element | null {
  const { trans } = usePanel();
  const [shown, setShown] = useState<string | null>(null);
  if (algorithms.length === 0) return null;
  const open = shown !== null && algorithms.includes(shown) ? shown : null;
  return (
    <div className="jp-AssayRecommendations-params">
      <div className="jp-Assay-bar">
        <span className="jp-Assay-faint">{trans.__("Hyperparameters of")}</span>
        {algorithms.map((name) => (
          <button
            key={name}
            type="button"
            className="jp-Assay-link"
            aria-expanded={name === open}
            onClick={() => setShown(name === open ? null : name)}
          >
            {recommenderWord(trans, name)}
          </button>
        ))}
      </div>
      {open !== null && (
        <OfAlgorithm
          key={open}
          algorithm={open}
          values={values[open] ?? {}}
          onChange={(given) => onChange({ ...values, [open]: given })}
        />
      )}
    </div>
  );
}

interface OfAlgorithmProps {
  algorithm: string;
  values: Record<string, unknown>;
  onChange(values: Record<string, unknown>): void;
}

function OfAlgorithm({ algorithm, values, onChange }: OfAlgorithmProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const schema = useLoaded(algorithm, async () => served(trans, await recommendationRoutes.params(api, algorithm)));
  return (
    <State of={schema} rows={4}>
      {(known) => (
        <Hyperparameters
          schema={known}
          space={undefined}
          values={values}
          parts={[]}
          features={[]}
          refused={null}
          onChange={onChange}
        />
      )}
    </State>
  );
}
