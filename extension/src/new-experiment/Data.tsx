import type { TaskType } from "assay-lab/contract";
import React from "react";
import { Field, Select } from "../elements/Field";
import { Failure, Loading } from "../elements/states";
import { usePanel } from "../panel";
import { Features } from "./Features";
import { Upload } from "./Upload";
import type { DraftState } from "./use-draft";

/** Which dataset, what is learnt of it, and from which columns. */
export function Data({ state }: { state: DraftState }): React.JSX.Element {
  const { trans } = usePanel();
  const { draft, change, datasets, dataset, guessed } = state;
  const columns = dataset.data?.column_info ?? [];
  const choose = (datasetId: string) => change({ datasetId, target: "", features: new Set(), splitId: "" });
  return (
    <section aria-label={trans.__("Data")}>
      <h2>{trans.__("Data")}</h2>
      {datasets.error !== null && <Failure error={datasets.error} onRetry={datasets.reload} />}
      <div className="jp-Assay-fields">
        <Field label={trans.__("Dataset")}>
          {(id) => (
            <Select
              id={id}
              name="dataset"
              value={draft.datasetId}
              none={datasets.data?.items.length === 0 ? trans.__("none yet: upload a file") : trans.__("choose…")}
              options={(datasets.data?.items ?? []).map((each) => ({
                value: each.dataset_id,
                label: `${each.name} · ${each.rows ?? "?"} × ${each.columns ?? "?"}`,
              }))}
              onChange={choose}
            />
          )}
        </Field>
        <Upload
          onUploaded={(id) => {
            datasets.reload();
            choose(id);
          }}
        />
      </div>
      {dataset.error !== null && <Failure error={dataset.error} onRetry={dataset.reload} />}
      {dataset.loading && !dataset.data && draft.datasetId && <Loading />}
      {dataset.data && (
        <>
          <div className="jp-Assay-fields">
            <Field label={trans.__("Target")}>
              {(id) => (
                <Select
                  id={id}
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
              )}
            </Field>
            <Field label={trans.__("Task")}>
              {(id) => (
                <Select
                  id={id}
                  name="task"
                  value={draft.task}
                  none={trans.__("%1 (guessed)", guessed)}
                  options={["classification", "regression"].map((value) => ({ value, label: value }))}
                  onChange={(chosen) => change({ task: chosen as TaskType | "" })}
                />
              )}
            </Field>
          </div>
          <Features
            columns={columns.filter(({ name }) => name !== draft.target && name !== draft.group)}
            rows={dataset.data.rows ?? 0}
            chosen={draft.features}
            onChange={(features) => change({ features })}
          />
        </>
      )}
    </section>
  );
}
