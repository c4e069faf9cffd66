import type { TaskType } from "assay-lab/contract";
import React from "react";
import { NumberField, SelectField } from "../elements/Field";
import { usePanel } from "../panel";
import type { ParamsSchema } from "../routes";
import { Ranges } from "./Ranges";
import { metricNames, type SearchDraft } from "./search-draft";

interface SearchProps {
  search: SearchDraft;
  schema: ParamsSchema;
  task: TaskType;
  usualNames: readonly string[];
  /** The range that the service refused, and its words. */
  refused: { name: string; message: string } | null;
  change(part: Partial<SearchDraft>): void;
}

/** How hyperparameters are searched: ranges, who proposes the next ones, and how long. */
export function Search({ search, schema, task, usualNames, refused, change }: SearchProps): React.JSX.Element {
  const { trans } = usePanel();
  const samplers = [
    { value: "tpe", label: trans.__("TPE: learns from earlier trials") },
    { value: "random", label: trans.__("random") },
    { value: "qmc", label: trans.__("QMC: evenly spread") },
    { value: "grid", label: trans.__("grid: every combination") },
    { value: "nsga2", label: trans.__("NSGA-II: evolves") },
  ];
  const pruners = [
    { value: "nop", label: trans.__("none") },
    { value: "median", label: trans.__("worse than the median") },
    { value: "successive_halving", label: trans.__("successive halving") },
    { value: "hyperband", label: trans.__("Hyperband") },
    { value: "wilcoxon", label: trans.__("Wilcoxon: worse by folds") },
  ];
  return (
    <section aria-label={trans.__("Search")}>
      <h2>{trans.__("Search")}</h2>
      <Ranges search={search} schema={schema} usualNames={usualNames} refused={refused} change={change} />
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Next trial by")}
          name="sampler"
          value={search.sampler}
          options={samplers}
          onChange={(sampler) => change({ sampler })}
        />
        <SelectField
          label={trans.__("End bad trials early")}
          name="pruner"
          value={search.pruner}
          options={pruners}
          onChange={(pruner) => change({ pruner })}
        />
        <NumberField
          label={trans.__("Trials")}
          name="n_trials"
          min={1}
          max={1_000_000}
          value={search.trials}
          none={Number.isNaN(search.minutes) ? "100" : trans.__("as many as fit")}
          onChange={(trials) => change({ trials })}
        />
        <NumberField
          label={trans.__("Minutes at most")}
          name="minutes"
          min={0}
          max={43_200}
          step="any"
          value={search.minutes}
          none={trans.__("no bound")}
          onChange={(minutes) => change({ minutes })}
        />
        <NumberField
          label={trans.__("Folds")}
          name="folds"
          min={2}
          max={50}
          value={search.folds}
          onChange={(folds) => change({ folds })}
        />
        <MetricField metric={search.metric} task={task} onChange={(metric) => change({ metric })} />
        <NumberField
          label={trans.__("Workers")}
          name="workers"
          min={1}
          max={64}
          value={search.workers}
          onChange={(workers) => change({ workers })}
        />
      </div>
    </section>
  );
}

interface MetricFieldProps {
  metric: string;
  task: TaskType;
  onChange(metric: string): void;
}

/** The metric that decides. */
export function MetricField({ metric, task, onChange }: MetricFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  const names = metricNames[task];
  return (
    <SelectField
      label={trans.__("Metric")}
      name="metric"
      value={names.includes(metric) ? metric : ""}
      none={names[0]!}
      options={names.slice(1).map((name) => ({ value: name, label: name.replaceAll("_", " ") }))}
      onChange={onChange}
    />
  );
}
