import { Dialog, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import type { Dataset } from "assay-lab/contract";
import React from "react";
import { Failure, Loading } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { commandIds } from "../ids";
import { Upload } from "../new-experiment/Upload";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { useOverview } from "./use-overview";

/** Short lists of what there is, each a step from its document. */
export function SidebarPanel(): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { data, error, reload } = useOverview();
  const run = (command: string, args: Record<string, string> = {}) => void commands.execute(command, args);

  const remove = async ({ dataset_id, name }: Dataset) => {
    const { button } = await showDialog({
      title: trans.__("Delete the dataset %1?", name),
      body: trans.__("Its versions go too. Runs that were trained on it stay."),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__("Delete") })],
    });
    if (!button.accept) return;
    await routes
      .deleteDataset(api, dataset_id)
      .catch((failure) => showErrorMessage(trans.__("Not deleted"), String(failure.message)));
    reload();
  };

  return (
    <div className="jp-AssaySidebar">
      {error !== null && <Failure error={error} onRetry={reload} />}
      <Section title={trans.__("Experiments")} open={() => run(commandIds.experiments)} openLabel={trans.__("Open Experiments")}>
        {data?.runs.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              className="jp-AssaySidebar-item"
              onClick={() => run(commandIds.run, { id: each.id, name: each.name })}
            >
              <span className="jp-AssaySidebar-name">{each.name}</span>
              <Status status={each.status} />
              {each.status === "training" && (
                <Progress
                  step={each.progress?.step ?? 0}
                  steps={each.progress?.steps ?? 0}
                  label={trans.__("Progress of %1", each.name)}
                />
              )}
            </button>
          </li>
        ))}
        {data?.runs.length === 0 && <Nothing text={trans.__("No runs yet.")} />}
        {!data && !error && <Loading rows={3} />}
      </Section>
      <div className="jp-AssaySidebar-start">
        <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => run(commandIds.newExperiment)}>
          {trans.__("New experiment")}
        </button>
      </div>
      <Section title={trans.__("Models")} open={() => run(commandIds.models)} openLabel={trans.__("Open Models")}>
        {data?.models.map((each) => (
          <li key={each.model_id}>
            <button type="button" className="jp-AssaySidebar-item" onClick={() => run(commandIds.models, { model: each.name })}>
              <span className="jp-AssaySidebar-name">{`${each.name}@${each.version}`}</span>
              <Status status={each.version_status} />
            </button>
          </li>
        ))}
        {data?.models.length === 0 && <Nothing text={trans.__("No models yet.")} />}
      </Section>
      <Section title={trans.__("Datasets")}>
        {data?.datasets.map((each) => (
          <li key={each.dataset_id} className="jp-AssaySidebar-dataset">
            <button
              type="button"
              className="jp-AssaySidebar-item"
              title={each.error ?? trans.__("New experiment with %1", each.name)}
              onClick={() => run(commandIds.newExperiment, { datasetId: each.dataset_id })}
            >
              <span className="jp-AssaySidebar-name">{each.name}</span>
              {each.processing_status === "ready" ? (
                <span className="jp-Assay-faint">{`${each.rows} × ${each.columns}`}</span>
              ) : (
                <Status status={each.processing_status} />
              )}
            </button>
            <button
              type="button"
              className="jp-AssaySidebar-remove"
              aria-label={trans.__("Delete %1", each.name)}
              title={trans.__("Delete %1", each.name)}
              onClick={() => void remove(each)}
            >
              ×
            </button>
          </li>
        ))}
        {data?.datasets.length === 0 && <Nothing text={trans.__("No datasets yet.")} />}
      </Section>
      <Upload onUploaded={reload} />
    </div>
  );
}

function Nothing({ text }: { text: string }): React.JSX.Element {
  return <li className="jp-Assay-faint jp-AssaySidebar-nothing">{text}</li>;
}

interface SectionProps {
  title: string;
  children: React.ReactNode;
  open?: () => void;
  openLabel?: string;
}

function Section({ title, children, open, openLabel }: SectionProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <section aria-label={title}>
      <div className="jp-AssaySidebar-head">
        <h2>{title}</h2>
        {open && (
          <button type="button" className="jp-Assay-link" aria-label={openLabel} onClick={open}>
            {trans.__("Open")}
          </button>
        )}
      </div>
      <ul>{children}</ul>
    </section>
  );
}
