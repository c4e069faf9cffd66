import React from "react";
import { removeDataset } from "../datasets/remove-dataset";
import { formatMetric } from "../elements/format";
import { Failure, Loading } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { commandIds } from "../ids";
import { openJob } from "../jobs/open-job";
import { Upload } from "../new-experiment/Upload";
import { usePanel } from "../panel";
import { useOverview } from "./use-overview";

/** Short lists of what there is, each a step from its document. */
export function SidebarPanel(): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { data, error, reload } = useOverview();
  const run = (command: string, args: Record<string, string> = {}) => void commands.execute(command, args);

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
      <Section title={trans.__("Studies")} open={() => run(commandIds.studies)} openLabel={trans.__("Open Studies")}>
        {data?.studies.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              className="jp-AssaySidebar-item"
              title={each.name}
              onClick={() => run(commandIds.study, { id: each.id, name: each.name })}
            >
              <span className="jp-AssaySidebar-name">{each.name}</span>
              <span className="jp-Assay-faint">{formatMetric(each.best_value, 3)}</span>
              {each.study_status === "running" && <Status status={each.study_status} />}
            </button>
          </li>
        ))}
        {data?.studies.length === 0 && <Nothing text={trans.__("No studies yet.")} />}
      </Section>
      <Section title={trans.__("Jobs")} open={() => run(commandIds.jobs)} openLabel={trans.__("Open Jobs")}>
        {data?.jobs.map((each) => (
          <li key={each.job_id}>
            <button type="button" className="jp-AssaySidebar-item" onClick={() => openJob(commands, each)}>
              <span className="jp-AssaySidebar-name">{each.kind}</span>
              <Status status={each.job_status} />
            </button>
          </li>
        ))}
        {data?.jobs.length === 0 && <Nothing text={trans.__("Nothing runs.")} />}
      </Section>
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
      <Section title={trans.__("Datasets")} open={() => run(commandIds.datasets)} openLabel={trans.__("Open Datasets")}>
        {data?.datasets.map((each) => (
          <li key={each.dataset_id} className="jp-AssaySidebar-dataset">
            <button
              type="button"
              className="jp-AssaySidebar-item"
              title={each.error ?? trans.__("Open %1", each.name)}
              onClick={() => run(commandIds.dataset, { id: each.dataset_id, name: each.name })}
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
              onClick={() => void removeDataset(api, trans, each).then((gone) => gone && reload())}
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
