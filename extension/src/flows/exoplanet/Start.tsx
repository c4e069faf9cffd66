import type { Architecture } from "assay-lab/contract";
import React, { useState } from "react";
import { Field, NumberField, SelectField } from "../../elements/Field";
import { FileDrop } from "../../elements/FileDrop";
import { Failure, State } from "../../elements/states";
import { Progress } from "../../elements/status";
import { useAction } from "../../elements/use-action";
import { useSending } from "../../elements/use-sending";
import { usePanel } from "../../panel";
import { exoplanetRoutes } from "./exoplanet-routes";
import { Report } from "./Report";
import { useSignals } from "./use-sessions";

/** Uploads a table, shows what its check found, and starts a session on it. */
export function Start({ onStarted }: { onStarted(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const signals = useSignals();
  const { data: datasets, reload } = signals;
  const [chosen, setChosen] = useState("");
  const [epochs, setEpochs] = useState(20);
  const [rate, setRate] = useState(0.002);
  const [architecture, setArchitecture] = useState<Architecture>("wide-stem");
  const [modelName, setModelName] = useState("exoplanet_model");
  const { send, share: sent, failure: unsent } = useSending();
  const { act, failure } = useAction(onStarted);

  const upload = (open: () => Promise<File>) =>
    send(
      async (onProgress) => exoplanetRoutes.upload(api, await open(), onProgress),
      ({ dataset }) => {
        setChosen(dataset);
        reload();
      },
    );
  const start = (dataset_id: string) =>
    act(() => exoplanetRoutes.start(api, { dataset_id, epochs, learning_rate: rate, model_name: modelName, architecture }));

  if (!datasets) return <State of={signals} />;
  const dataset = datasets.find((each) => each.dataset === chosen) ?? datasets[0];
  return (
    <form
      className="jp-AssayExoplanets-start"
      onSubmit={(event) => {
        event.preventDefault();
        if (dataset) void start(dataset.dataset);
      }}
    >
      <State of={signals} />
      <FileDrop
        label={trans.__("Upload a table…")}
        hint={trans.__("CSV: the flow's columns, NASA's KOI or TESS's TOI table")}
        accept=".csv,.tsv,.txt"
        disabled={sent !== null}
        onFiles={([file]) => file && void upload(async () => file)}
      />
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        disabled={sent !== null}
        onClick={() => void upload(() => exoplanetRoutes.example(api))}
      >
        {trans.__("Take the example table")}
      </button>
      {sent !== null && <Progress step={Math.round(100 * sent)} steps={sent < 1 ? 100 : 0} label={trans.__("Uploading")} />}
      <Failure error={unsent ?? failure} />
      {dataset && (
        <>
          <SelectField
            label={trans.__("Table")}
            name="dataset"
            value={dataset.dataset}
            onChange={setChosen}
            options={datasets.map((each) => ({ value: each.dataset, label: `${each.dataset}, ${each.samples} signals` }))}
          />
          <Report report={dataset.report} />
          <SelectField
            label={trans.__("Network")}
            name="architecture"
            value={architecture}
            onChange={(value) => setArchitecture(value as Architecture)}
            options={[
              { value: "wide-stem", label: trans.__("wide stem: two convolutions, the quickest") },
              { value: "fine-stem", label: trans.__("fine stem: three convolutions on twice the points") },
              { value: "balanced", label: trans.__("balanced: rare labels weigh more") },
            ]}
          />
          <NumberField
            label={trans.__("Epochs")}
            name="epochs"
            value={epochs}
            min={1}
            max={1000}
            hint={trans.__("At most; it ends when the validation loss rises.")}
            onChange={setEpochs}
          />
          <NumberField
            label={trans.__("Learning rate")}
            name="learning_rate"
            value={rate}
            min={0.00001}
            max={100}
            step="any"
            hint={trans.__("Its highest: it rises to it, then falls.")}
            onChange={setRate}
          />
          <Field label={trans.__("Model name")} hint={trans.__("Saved under this name and the time.")}>
            {(id) => (
              <input
                id={id}
                name="model_name"
                className="jp-mod-styled"
                required
                pattern="[A-Za-z][A-Za-z0-9_\-]{0,79}"
                value={modelName}
                onChange={({ target }) => setModelName(target.value)}
              />
            )}
          </Field>
          <button type="submit" className="jp-mod-styled jp-mod-accept">
            {trans.__("Start training")}
          </button>
        </>
      )}
    </form>
  );
}
