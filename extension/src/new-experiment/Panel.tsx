import type { TaskType, Validation } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { Field, Select } from "../elements/Field";
import { Failure, Loading } from "../elements/states";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { Features } from "./Features";
import { Hyperparameters } from "./Hyperparameters";
import { SavedSplits } from "./SavedSplits";
import { Split } from "./Split";
import { Upload } from "./Upload";
import { featuresOf, refusedParam, requestOf, useDraft } from "./use-draft";
import { useValidation } from "./use-validation";

/** The form that starts a training. */
export function NewExperimentPanel(given: { datasetId?: string | undefined; splitId?: string | undefined }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { draft, change, datasets, dataset, algorithms, schema, task, guessed } = useDraft(given);
  const validation = useValidation(draft, task);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const columns = dataset.data?.column_info ?? [];
  const parts = useMemo(
    () => (algorithms.data ?? []).filter(({ name, preset_of }) => preset_of === null && name !== draft.algorithm),
    [algorithms.data, draft.algorithm],
  );
  const features = useMemo(() => featuresOf(draft), [draft]);
  const refused = useMemo(() => refusedParam(failure, schema.data), [failure, schema.data]);
  const ready =
    draft.target !== "" &&
    draft.algorithm !== "" &&
    draft.experiment.trim() !== "" &&
    draft.hyperparametersValid &&
    draft.testSize > 0 &&
    draft.testSize <= 0.9 &&
    Number.isSafeInteger(draft.seed) &&
    validation.data?.valid === true;

  const start = (event: React.FormEvent) => {
    event.preventDefault();
    setStarting(true);
    setFailure(null);
    routes
      .create(api, requestOf(draft, task))
      .then(async ({ experiment_id, job_id }) => {
        if (job_id === null) await routes.train(api, experiment_id);
        await commands.execute(commandIds.run, { id: experiment_id, name: draft.runName || draft.experiment });
      })
      .catch(setFailure)
      .finally(() => setStarting(false));
  };

  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayNew">
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
                onChange={(chosen) => change({ datasetId: chosen, target: "", features: new Set(), splitId: "" })}
              />
            )}
          </Field>
          <Upload
            onUploaded={(id) => {
              datasets.reload();
              change({ datasetId: id, target: "", features: new Set(), splitId: "" });
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
      {dataset.data && (
        <form onSubmit={start} noValidate>
          <section aria-label={trans.__("Algorithm")}>
            <h2>{trans.__("Algorithm")}</h2>
            {algorithms.error !== null && <Failure error={algorithms.error} onRetry={algorithms.reload} />}
            <Field
              label={trans.__("Algorithm")}
              hint={algorithms.data?.find(({ name }) => name === draft.algorithm)?.description}
            >
              {(id) => (
                <Select
                  id={id}
                  name="algorithm"
                  value={draft.algorithm}
                  options={(algorithms.data ?? []).map(({ name, title }) => ({ value: name, label: title }))}
                  onChange={(algorithm) => change({ algorithm, hyperparameters: {}, hyperparametersValid: true })}
                />
              )}
            </Field>
            {schema.error !== null && <Failure error={schema.error} onRetry={schema.reload} />}
            {schema.loading && !schema.data && <Loading />}
            {schema.data && (
              <Hyperparameters
                key={`${draft.algorithm} ${task}`}
                schema={schema.data}
                values={draft.hyperparameters}
                parts={parts}
                features={features}
                refused={refused}
                onChange={(hyperparameters, hyperparametersValid) => {
                  setFailure(null);
                  change({ hyperparameters, hyperparametersValid });
                }}
              />
            )}
          </section>
          <section aria-label={trans.__("Split")}>
            <h2>{trans.__("Split")}</h2>
            <SavedSplits draft={draft} change={change} datasetId={draft.datasetId} />
            {draft.splitId === "" && <Split draft={draft} change={change} columns={columns} task={task} />}
          </section>
          <section aria-label={trans.__("Start")}>
            <h2>{trans.__("Start")}</h2>
            <div className="jp-Assay-fields">
              <Field label={trans.__("Experiment")}>
                {(id) => (
                  <input
                    id={id}
                    name="experiment"
                    className="jp-mod-styled"
                    required
                    maxLength={200}
                    value={draft.experiment}
                    onChange={({ target }) => change({ experiment: target.value })}
                  />
                )}
              </Field>
              <Field label={trans.__("Run name")}>
                {(id) => (
                  <input
                    id={id}
                    name="run_name"
                    className="jp-mod-styled"
                    maxLength={200}
                    placeholder={trans.__("made from the algorithm")}
                    value={draft.runName}
                    onChange={({ target }) => change({ runName: target.value })}
                  />
                )}
              </Field>
            </div>
            {validation.error !== null && <Failure error={validation.error} onRetry={validation.reload} />}
            {validation.data && <Problems problems={validation.data.problems} />}
            {failure !== null && refused === null && <Failure error={failure} />}
            <button type="submit" name="start" className="jp-mod-styled jp-mod-accept" disabled={!ready || starting}>
              {starting ? trans.__("Starting…") : trans.__("Start training")}
            </button>
          </section>
        </form>
      )}
    </div>
  );
}

/** What stands against the training, errors first, each with its remedy. */
function Problems({ problems }: { problems: Validation["problems"] }): React.JSX.Element | null {
  const { trans } = usePanel();
  if (problems.length === 0) return null;
  const sorted = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <ul className="jp-AssayNew-problems" aria-label={trans.__("Problems")}>
      {sorted.map(({ column, severity, problem, remedy }, i) => (
        <li key={i} data-severity={severity}>
          <strong>{severity === "error" ? trans.__("Error") : trans.__("Warning")}</strong>
          {column !== null && <code>{column}</code>} {problem}
          <span className="jp-Assay-faint">{remedy}</span>
        </li>
      ))}
    </ul>
  );
}
