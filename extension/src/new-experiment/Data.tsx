import type { TaskType, Validation } from "assay-lab/contract";
import React from "react";
import { SelectField } from "../elements/Field";
import { formatShape } from "../elements/format";
import { State } from "../elements/states";
import { usePanel } from "../panel";
import { wordOf } from "../words";
import { Features } from "./Features";
import { Upload } from "./Upload";
import type { DraftState } from "./use-draft";

/** Which dataset, what is learnt of it, and from which columns. */
export function Data({ state, problems }: { state: DraftState; problems: Validation["problems"] }): React.JSX.Element {
  const { trans } = usePanel();
  const { draft, change, datasets, dataset, guessed } = state;
  const columns = dataset.data?.column_info ?? [];
  const warnings = new Map(problems.flatMap(({ column, problem }) => (column === null ? [] : [[column, problem] as const])));
  const choose = (datasetId: string) => change({ datasetId, target: "", features: new Set(), splitId: "" });
  return (
    <section aria-label={trans.__("Data")}>
      <h2>{trans.__("Data")}</h2>
      <State of={datasets} rows={1} />
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Dataset")}
          name="dataset"
          value={draft.datasetId}
          none={datasets.data?.items.length === 0 ? trans.__("none yet: upload a file") : trans.__("choose…")}
          options={(datasets.data?.items ?? []).map((each) => ({
            value: each.dataset_id,
            label: `${each.name} · ${formatShape(each.rows, each.columns)}`,
          }))}
          onChange={choose}
        />
        <Upload
          onUploaded={(id) => {
            datasets.reload();
            choose(id);
          }}
        />
      </div>
      <State of={dataset} />
      {dataset.data && (
        <>
          <div className="jp-Assay-fields">
            <SelectField
              label={trans.__("Target")}
              name="target"
              value={draft.target}
              options={columns.map(({ name }) => ({ value: name, label: name }))}
              onChange={(target) =>
                change({
                  target,
                  task: "",
                  features: new Set(columns.map(({ name }) => name).filter((name) => name !== target)),
                })
              }
            />
            <SelectField
              label={trans.__("Task")}
              name="task"
              value={draft.task}
              none={trans.__("%1 (guessed)", wordOf(trans, guessed))}
              options={["classification", "regression"].map((value) => ({ value, label: wordOf(trans, value) }))}
              onChange={(chosen) => change({ task: chosen as TaskType | "" })}
            />
          </div>
          <Features
            columns={columns.filter(({ name }) => name !== draft.target && name !== draft.group && name !== draft.time)}
            rows={dataset.data.rows ?? 0}
            chosen={draft.features}
            warnings={warnings}
            onChange={(features) => change({ features })}
          />
        </>
      )}
    </section>
  );
}
