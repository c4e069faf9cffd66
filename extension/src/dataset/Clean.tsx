import { Clipboard } from "@jupyterlab/apputils";
import type { DatasetInfo, Step } from "assay-lab/contract";
import React, { useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { Field, SelectField } from "../elements/Field";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { usePanel } from "../panel";
import { Preview } from "./Preview";
import { StepFields } from "./StepFields";
import { stepText } from "./step-text";
import { type StepsDraft, useSteps } from "./use-steps";

/** Cleaning steps: written by forms, previewed, applied as a new version or copied as a cell. */
export function Clean({ dataset, onApplied }: { dataset: DatasetInfo; onApplied(): void }): React.JSX.Element {
  const { trans } = usePanel();
  const draft = useSteps(dataset);
  const { forms, steps, at } = draft;
  const shown = steps[at];
  const form = forms.data?.find(({ step }) => step === shown?.step);
  return (
    <div className="jp-AssayDataset-clean">
      <State of={forms}>
        {(all) => (
          <section aria-label={trans.__("Steps")}>
            <StepList draft={draft} />
            <SelectField
              label={trans.__("Add a step")}
              name="add_step"
              value=""
              none={trans.__("choose…")}
              options={all.map(({ step, title }) => ({ value: step, label: title }))}
              onChange={(step) => step && draft.add(step)}
            />
          </section>
        )}
      </State>
      {shown && form && (
        <section aria-label={trans.__("Step %1", at + 1)} className="jp-AssayDataset-step">
          <h2>{form.title}</h2>
          <p className="jp-Assay-faint">{form.description}</p>
          <StepFields
            key={`${at} ${form.step}`}
            form={form}
            step={shown}
            columns={draft.columns}
            onChange={(step) => draft.change(at, step)}
          />
          <Preview preview={draft.preview} />
        </section>
      )}
      {steps.length > 0 && <Apply dataset={dataset} draft={draft} onApplied={onApplied} />}
    </div>
  );
}

/** The steps in order; one is shown, each can be moved and left out. */
function StepList({ draft: { steps, at, forms, show, move, remove } }: { draft: StepsDraft }): React.JSX.Element {
  const { trans } = usePanel();
  if (steps.length === 0)
    return <p className="jp-Assay-faint">{trans.__("No steps yet. A version is never changed: the steps make a new one.")}</p>;
  const titleOf = (step: Step) => forms.data?.find((form) => form.step === step.step)?.title ?? step.step;
  return (
    <ol className="jp-AssayDataset-steps">
      {steps.map((step, k) => (
        <li key={k} data-step={step.step} aria-current={k === at ? "step" : undefined}>
          <div className="jp-Assay-bar">
            <button type="button" className="jp-Assay-link" title={stepText(step)} onClick={() => show(k)}>
              {titleOf(step)}
            </button>
            <span className="jp-Assay-spring" />
            {(
              [
                ["↑", trans.__("Move %1 up", titleOf(step)), k === 0, () => move(k, -1)],
                ["↓", trans.__("Move %1 down", titleOf(step)), k === steps.length - 1, () => move(k, 1)],
                ["×", trans.__("Leave out %1", titleOf(step)), false, () => remove(k)],
              ] as const
            ).map(([sign, label, disabled, act]) => (
              <button
                key={sign}
                type="button"
                className="jp-Assay-sign"
                aria-label={label}
                title={label}
                disabled={disabled}
                onClick={act}
              >
                {sign}
              </button>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

interface ApplyProps {
  dataset: DatasetInfo;
  draft: StepsDraft;
  onApplied(): void;
}

/** Where the statistics come from, and the buttons that make a version or a cell of the steps. */
function Apply({ dataset, draft, onApplied }: ApplyProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const [note, setNote] = useState("");
  const [told, setTold] = useState("");
  const { act, failure, busy } = useAction();
  const body = {
    dataset_id: `${dataset.dataset_id}@${dataset.version}`,
    steps: [...draft.steps],
    ...(draft.splitId ? { split_id: draft.splitId } : {}),
  };
  const attempt = (work: () => Promise<void>) => {
    setTold("");
    void act(work);
  };
  const apply = async () => {
    const { version, rows } = await datasetRoutes.transform(api, { ...body, note });
    draft.clear();
    setTold(trans.__("Version %1 is there, %2 rows.", version, rows));
    onApplied();
  };
  const copy = async () => {
    Clipboard.copyToSystem(await datasetRoutes.cell(api, body));
    setTold(trans.__("The cell is in the clipboard."));
  };
  return (
    <section aria-label={trans.__("Apply")}>
      <h2>{trans.__("Apply")}</h2>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Statistics of")}
          hint={trans.__("With a saved split they come from its training rows alone: nothing of the test leaks into them.")}
          name="split_id"
          value={draft.splitId}
          none={trans.__("all rows")}
          options={(draft.splits.data ?? []).map(({ split_id, name }) => ({
            value: split_id,
            label: trans.__("training rows of %1", name),
          }))}
          onChange={draft.setSplitId}
        />
        <Field label={trans.__("Note")}>
          {(id) => (
            <input
              id={id}
              name="note"
              className="jp-mod-styled"
              maxLength={1000}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          )}
        </Field>
      </div>
      <Failure error={failure} />
      <div className="jp-Assay-bar">
        <button
          type="button"
          name="apply"
          className="jp-mod-styled jp-mod-accept"
          disabled={busy || draft.preview.error !== null}
          onClick={() => attempt(apply)}
        >
          {trans.__("Apply as a new version")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={busy} onClick={() => attempt(copy)}>
          {trans.__("Copy as cell")}
        </button>
        <span role="status">{told}</span>
      </div>
    </section>
  );
}
