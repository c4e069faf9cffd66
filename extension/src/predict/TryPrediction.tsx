import type { Prediction } from "assay-lab/contract";
import React, { useId, useState } from "react";
import { Select } from "../elements/Field";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import type { ModelState } from "../model/use-model";
import { type Features, modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { wordOf } from "../words";
import { ManyAnswers } from "./ManyAnswers";
import { OneAnswer } from "./OneAnswer";
import { PasteForm } from "./PasteForm";
import { RequestText } from "./RequestText";
import { RowForm } from "./RowForm";

interface TryPredictionProps {
  model: ModelState;
  /** The version that is tried; null: the one in production, else the newest. */
  tried: string | null;
  onTry(version: string): void;
}

/** What was asked, and what came. */
interface Asked {
  features: Features | readonly Features[];
  answer: Prediction;
}

/** A form made from a version's signature, or a pasted table; the answer with its source, and the request for other places. */
export function TryPrediction({ model, tried, onTry }: TryPredictionProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const id = useId();
  const [mode, setMode] = useState<"one" | "many">("one");
  const [asked, setAsked] = useState<Asked | null>(null);
  const [features, setFeatures] = useState<Features | readonly Features[] | null>(null);
  const { act, failure, forget } = useAction();
  const version = model.versions.find((each) => each.version === tried) ?? model.production ?? model.versions[0]!;
  const ref = `${version.name}@${version.version}`;
  const ask = (rows: Features | readonly Features[]) => {
    setFeatures(rows);
    void act(
      () => modelRoutes.predict(api, ref, rows),
      (answer) => setAsked({ features: rows, answer }),
    );
  };
  const choose = (next: typeof mode) => {
    setMode(next);
    setAsked(null);
    setFeatures(null);
    forget();
  };
  return (
    <section className="jp-AssayTry" aria-label={trans.__("Try a prediction")}>
      <div className="jp-Assay-bar">
        <Select
          id={id}
          name="tried_version"
          label={trans.__("Version to try")}
          value={version.version}
          options={model.versions.map((each) => ({
            value: each.version,
            label: `${each.version} (${wordOf(trans, each.version_status)})`,
          }))}
          onChange={(next) => {
            onTry(next);
            choose(mode);
          }}
        />
        <span className="jp-Assay-spring" />
        <div className="jp-AssayTry-modes" role="radiogroup" aria-label={trans.__("What is predicted")}>
          {(["one", "many"] as const).map((each) => (
            <label key={each} className="jp-Assay-check">
              <input type="radio" name={`${id}-mode`} value={each} checked={mode === each} onChange={() => choose(each)} />
              {each === "one" ? trans.__("One row") : trans.__("A pasted table")}
            </label>
          ))}
        </div>
      </div>
      {mode === "one" ? (
        <RowForm key={ref} version={version} onAsk={ask} />
      ) : (
        <PasteForm key={ref} version={version} onAsk={ask} />
      )}
      <Failure error={failure} />
      {asked &&
        (Array.isArray(asked.features) ? (
          <ManyAnswers answer={asked.answer} rows={asked.features} />
        ) : (
          <OneAnswer answer={asked.answer} target={version.signature.target} />
        ))}
      {features && <RequestText version={ref} features={features} />}
    </section>
  );
}
