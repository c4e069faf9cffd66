import React from "react";
import { removeDataset } from "../datasets/remove-dataset";
import { formatMetric, formatShape } from "../elements/format";
import { Empty, State } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { commandIds } from "../ids";
import { openJob } from "../jobs/open-job";
import { Upload } from "../new-experiment/Upload";
import { usePanel } from "../panel";
import { useOverview } from "./use-overview";

/** Short lists of what there is, each a step from its document. */
export function SidebarPanel(): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const overview = useOverview();
  const { data, reload } = overview;
  const run = (command: string, args: Record<string, string> = {}) => void commands.execute(command, args);

  return (
    <div className="jp-AssaySidebar">
      <State of={overview} rows={3} />
      <Section title={trans.__("Datasets")} open={() => run(commandIds.datasets)} openLabel={trans.__("Open Datasets")}>
        {data?.datasets.map((each) => (
          <Item
            key={each.dataset_id}
            name={each.name}
            title={each.error ?? trans.__("Open %1", each.name)}
            onOpen={() => run(commandIds.dataset, { id: each.dataset_id, name: each.name })}
            beside={
              <button
                type="button"
                className="jp-AssaySidebar-remove"
                aria-label={trans.__("Delete %1", each.name)}
                title={trans.__("Delete %1", each.name)}
                onClick={() => void removeDataset(api, trans, each).then((gone) => gone && reload())}
              >
                ×
              </button>
            }
          >
            {each.processing_status === "ready" ? (
              <span className="jp-Assay-faint">{formatShape(each.rows, each.columns)}</span>
            ) : (
              <Status status={each.processing_status} />
            )}
          </Item>
        ))}
        {data?.datasets.length === 0 && (
          <Nothing
            title={trans.__("No datasets yet.")}
            action={{ label: trans.__("Take a file"), run: () => run(commandIds.datasets) }}
          />
        )}
      </Section>
      <Upload onUploaded={reload} />
      <Section title={trans.__("Experiments")} open={() => run(commandIds.experiments)} openLabel={trans.__("Open Experiments")}>
        {data?.runs.map((each) => (
          <Item key={each.id} name={each.name} onOpen={() => run(commandIds.run, { id: each.id, name: each.name })}>
            <Status status={each.status} />
            {each.status === "training" && (
              <Progress
                step={each.progress?.step ?? 0}
                steps={each.progress?.steps ?? 0}
                label={trans.__("Progress of %1", each.name)}
              />
            )}
          </Item>
        ))}
        {data?.runs.length === 0 && (
          <Nothing
            title={trans.__("No runs yet.")}
            action={{ label: trans.__("Train a model"), run: () => run(commandIds.newExperiment) }}
          />
        )}
      </Section>
      <div className="jp-AssaySidebar-start">
        <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => run(commandIds.newExperiment)}>
          {trans.__("New experiment")}
        </button>
      </div>
      <Section title={trans.__("Studies")} open={() => run(commandIds.studies)} openLabel={trans.__("Open Studies")}>
        {data?.studies.map((each) => (
          <Item
            key={each.id}
            name={each.name}
            title={each.name}
            onOpen={() => run(commandIds.study, { id: each.id, name: each.name })}
          >
            <span className="jp-Assay-faint">{formatMetric(each.best_value, 3)}</span>
            {each.study_status === "running" && <Status status={each.study_status} />}
          </Item>
        ))}
        {data?.studies.length === 0 && (
          <Nothing
            title={trans.__("No studies yet.")}
            action={{ label: trans.__("Search hyperparameters"), run: () => run(commandIds.newExperiment) }}
          />
        )}
      </Section>
      <Section title={trans.__("Training")} open={() => run(commandIds.jobs)} openLabel={trans.__("Open Training")}>
        {data?.jobs.map((each) => (
          <Item key={each.job_id} name={each.name ?? each.kind} onOpen={() => openJob(commands, each)}>
            <Status status={each.job_status} />
          </Item>
        ))}
        {data?.jobs.length === 0 && <Nothing title={trans.__("Nothing runs.")} />}
      </Section>
      <Section title={trans.__("Models")} open={() => run(commandIds.models)} openLabel={trans.__("Open Models")}>
        {data?.models.map((each) => (
          <Item
            key={each.model_id}
            name={`${each.name}@${each.version}`}
            onOpen={() => run(commandIds.model, { name: each.name })}
          >
            <Status status={each.version_status} />
          </Item>
        ))}
        {data?.models.length === 0 && (
          <Nothing
            title={trans.__("No models yet.")}
            action={{ label: trans.__("Choose a run"), run: () => run(commandIds.experiments) }}
          />
        )}
      </Section>
      <Section title={trans.__("Flows")}>
        <Item name={trans.__("Exoplanets")} onOpen={() => run(commandIds.exoplanets)} />
        <Item name={trans.__("Workouts")} onOpen={() => run(commandIds.workouts)} />
        <Item name={trans.__("Recommendations")} onOpen={() => run(commandIds.recommendations)} />
      </Section>
    </div>
  );
}

interface ItemProps {
  name: string;
  title?: string | undefined;
  onOpen(): void;
  /** What is said of it behind its name. */
  children?: React.ReactNode;
  /** What stands beside it, not in it: a button of its own. */
  beside?: React.ReactNode;
}

function Item({ name, title, onOpen, children, beside }: ItemProps): React.JSX.Element {
  return (
    <li className={beside ? "jp-AssaySidebar-pair" : undefined}>
      <button type="button" className="jp-AssaySidebar-item" title={title} onClick={onOpen}>
        <span className="jp-AssaySidebar-name">{name}</span>
        {children}
      </button>
      {beside}
    </li>
  );
}

function Nothing(props: React.ComponentProps<typeof Empty>): React.JSX.Element {
  return (
    <li>
      <Empty small {...props} />
    </li>
  );
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
