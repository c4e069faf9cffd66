import type { DatasetInfo, SavedSplit } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { Field, Select, SelectField } from "../elements/Field";
import { formatInstant } from "../elements/format";
import { Empty, Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { commandIds } from "../ids";
import { usePanel } from "../panel";

/** Saved splits of the dataset, and the form that makes one. */
export function Splits({ dataset }: { dataset: DatasetInfo }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { dataset_id: id } = dataset;
  const splits = useLoaded(`${id}@${dataset.version}`, () => datasetRoutes.splits(api, id));
  return (
    <>
      <SplitForm dataset={dataset} onSaved={splits.reload} />
      <section aria-label={trans.__("Saved splits")}>
        <h2>{trans.__("Saved splits")}</h2>
        <State of={splits} empty={(all) => all.length === 0 && <Empty title={trans.__("No splits yet.")} />}>
          {(all) => <SplitList splits={all} onRemoved={splits.reload} />}
        </State>
      </section>
    </>
  );
}

/** Shares of training, validation and test rows that are offered. */
const shares = ["60/40", "70/30", "80/20", "60/20/20", "70/15/15"] as const;

function SplitForm({ dataset, onSaved }: { dataset: DatasetInfo; onSaved(): void }): React.JSX.Element {
  const { api, preferences, trans } = usePanel();
  const [share, setShare] = useState("80/20");
  const [test, setTest] = useState(20);
  const [validation, setValidation] = useState(0);
  const [stratify, setStratify] = useState(dataset.target_column ?? "");
  const [group, setGroup] = useState("");
  const [time, setTime] = useState("");
  const [seed, setSeed] = useState(preferences.values.seed);
  const { act, failure } = useAction(onSaved);
  const choose = (value: string) => {
    setShare(value);
    if (value === "") return;
    const parts = value.split("/").map(Number);
    setTest(parts.at(-1)!);
    setValidation(parts.length === 3 ? parts[1]! : 0);
  };
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    const body = {
      dataset_id: `${dataset.dataset_id}@${dataset.version}`,
      test_size: test / 100,
      validation_size: validation / 100,
      ...(stratify && !time ? { stratify } : {}),
      ...(group && !time ? { group } : {}),
      ...(time ? { time } : {}),
      seed,
    };
    void act(() => datasetRoutes.split(api, body));
  };
  const names = dataset.column_info.map(({ name }) => ({ value: name, label: name }));
  const ordered = dataset.column_info.filter(({ kind }) => kind === "number" || kind === "datetime").map(({ name }) => name);
  const numberField = (label: string, name: string, value: number, set: (value: number) => void, max?: number) => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          name={name}
          className="jp-mod-styled"
          type="number"
          min={0}
          max={max}
          required
          value={Number.isNaN(value) ? "" : value}
          onChange={({ target }) => set(target.valueAsNumber)}
        />
      )}
    </Field>
  );
  const columnField = (label: string, name: string, value: string, set: (value: string) => void, options = names) => (
    <Field label={label}>{(id) => <Select {...{ id, name, value, options }} none={trans.__("none")} onChange={set} />}</Field>
  );
  return (
    <form onSubmit={save} aria-label={trans.__("New split")}>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Shares")}
          hint={trans.__("Training / validation / test, in percent.")}
          name="shares"
          value={share}
          none={trans.__("custom")}
          options={shares.map((value) => ({ value, label: value }))}
          onChange={choose}
        />
        {share === "" && numberField(trans.__("Test, %"), "test", test, setTest, 90)}
        {share === "" && numberField(trans.__("Validation, %"), "validation", validation, setValidation, 90)}
        {time === "" && columnField(trans.__("Stratify by"), "stratify", stratify, setStratify)}
        {time === "" && columnField(trans.__("Keep together by"), "group", group, setGroup)}
        {columnField(
          trans.__("Latest rows by"),
          "time",
          time,
          setTime,
          ordered.map((name) => ({ value: name, label: name })),
        )}
        {time === "" && numberField(trans.__("Seed"), "seed", seed, setSeed)}
      </div>
      <Failure error={failure} />
      <button type="submit" name="save_split" className="jp-mod-styled jp-mod-accept">
        {trans.__("Split version %1", dataset.version)}
      </button>
    </form>
  );
}

function SplitList({ splits, onRemoved }: { splits: readonly SavedSplit[]; onRemoved(): void }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { act, failure } = useAction(onRemoved);
  return (
    <>
      <Failure error={failure} />
      <ul className="jp-AssayDatasets-list">
        {splits.map((each) => (
          <li key={each.split_id} data-split={each.name}>
            <strong>{each.name}</strong>
            <p className="jp-Assay-faint">
              {[
                each.dataset,
                trans.__("%1 training", each.train_samples),
                ...(each.validation_samples > 0 ? [trans.__("%1 validation", each.validation_samples)] : []),
                trans.__("%1 test", each.test_samples),
                each.created_by ?? "",
                formatInstant(each.created_at),
              ].join(" · ")}
            </p>
            <div className="jp-Assay-actions">
              <button
                type="button"
                className="jp-mod-styled jp-mod-minimal"
                onClick={() =>
                  void commands.execute(commandIds.newExperiment, { datasetId: each.dataset_id, splitId: each.split_id })
                }
              >
                {trans.__("Train")}
              </button>
              <button
                type="button"
                className="jp-mod-styled jp-mod-minimal"
                aria-label={trans.__("Delete the split %1", each.name)}
                onClick={() => act(() => datasetRoutes.deleteSplit(api, each.split_id))}
              >
                {trans.__("Delete")}
              </button>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
