import React, { useState } from "react";
import { NumberField, SelectField } from "../../elements/Field";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { usePanel } from "../../panel";
import { recommenderWords } from "./names";
import { recommendationRoutes } from "./recommendation-routes";
import { TrainParams } from "./TrainParams";
import type { RunOfEtl } from "./use-recommendations";

/** What is offered, the likeliest to be best first. */
const offered = ["ease", "als", "bpr", "item_knn", "two_tower", "popularity", "segment_popularity"];

interface TrainFormProps {
  /** Runs that have rows to train on, newest first. */
  versions: readonly RunOfEtl[];
  onStarted(): void;
}

/** Chooses a version of the dataset and the recommenders to train on it, each by a job of its own. */
export function TrainForm({ versions, onStarted }: TrainFormProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const words = recommenderWords(trans);
  const [run, setRun] = useState(versions[0]!.etl_run_id);
  const [chosen, setChosen] = useState<readonly string[]>(["ease", "als"]);
  const [params, setParams] = useState<Readonly<Record<string, Record<string, unknown>>>>({});
  const [engagement, setEngagement] = useState("3");
  const [k, setK] = useState(10);
  const { act, failure, busy, forget } = useAction(onStarted);
  const version = versions.find(({ etl_run_id }) => etl_run_id === run) ?? versions[0]!;
  const specOf = (algorithm: string) => ({ algorithm, hyperparameters: params[algorithm] ?? {} });
  const rows = {
    dataset_id: version.train_dataset!,
    test_dataset_id: version.test_dataset!,
    engagement: Number(engagement),
    k,
  };
  const isWhole = chosen.length > 0 && k >= 1 && k <= 100;
  const train = async () => {
    for (const algorithm of chosen) await recommendationRoutes.train(api, { ...specOf(algorithm), ...rows });
  };
  const compare = () => recommendationRoutes.compare(api, { models: chosen.map(specOf), ...rows });
  const toggle = (name: string, isOn: boolean) => {
    forget();
    setChosen(offered.filter((each) => (each === name ? isOn : chosen.includes(each))));
  };
  return (
    <form
      aria-label={trans.__("Train recommenders")}
      className="jp-AssayRecommendations-train"
      onSubmit={(event) => {
        event.preventDefault();
        void act(train);
      }}
    >
      <fieldset className="jp-AssayRecommendations-ticks">
        <legend>{trans.__("Recommenders")}</legend>
        {offered.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              name={`algorithm_${name}`}
              checked={chosen.includes(name)}
              onChange={({ target }) => toggle(name, target.checked)}
            />
            <span>
              {words[name]!.title}
              <span className="jp-Assay-faint">{` – ${words[name]!.about}`}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("On the rows of")}
          name="version"
          value={version.etl_run_id}
          options={versions.map((each) => ({
            value: each.etl_run_id,
            label: trans.__("Version %1", each.version ?? ""),
          }))}
          onChange={setRun}
        />
        <SelectField
          label={trans.__("An item counts from")}
          name="engagement"
          value={engagement}
          options={[
            { value: "1", label: trans.__("viewed on") },
            { value: "3", label: trans.__("clicked on") },
            { value: "5", label: trans.__("booked on") },
          ]}
          onChange={setEngagement}
        />
        <NumberField label={trans.__("Length of the lists judged")} name="k" value={k} min={1} max={100} onChange={setK} />
      </div>
      <TrainParams algorithms={chosen} values={params} onChange={setParams} />
      <Failure error={failure} />
      <div className="jp-Assay-bar">
        <button type="submit" name="train" className="jp-mod-styled jp-mod-accept" disabled={busy || !isWhole}>
          {trans._n("Train %1 recommender", "Train %1 recommenders", chosen.length, chosen.length)}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          title={trans.__("All on the same people, with the differences between them; none is kept.")}
          disabled={busy || !isWhole}
          onClick={() => void act(compare)}
        >
          {trans.__("Compare only")}
        </button>
        <span className="jp-Assay-faint">{trans.__("Popularity and chance are judged beside each by themselves.")}</span>
      </div>
    </form>
  );
}
