import type { TranslationBundle } from "@jupyterlab/translation";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import React, { lazy } from "react";
import type { DocumentKind } from "./documents";
import {
  alertsIcon,
  compareIcon,
  datasetsIcon,
  exoplanetsIcon,
  experimentsIcon,
  jobsIcon,
  leaderboardIcon,
  modelsIcon,
  newExperimentIcon,
  recommendationsIcon,
  runIcon,
  studyIcon,
  workoutsIcon,
} from "./icons";
import { commandIds } from "./ids";
import type { DraftGiven } from "./new-experiment/use-draft";

// a panel is fetched when the first of its documents is opened
const AbTestsPanel = lazy(async () => ({ default: (await import("./ab/AbTests")).AbTestsPanel }));
const AbTestPanel = lazy(async () => ({ default: (await import("./ab/Panel")).AbTestPanel }));
const ComparePanel = lazy(async () => ({ default: (await import("./compare/Panel")).ComparePanel }));
const DatasetPanel = lazy(async () => ({ default: (await import("./dataset/Panel")).DatasetPanel }));
const DatasetsPanel = lazy(async () => ({ default: (await import("./datasets/Panel")).DatasetsPanel }));
const ExperimentsPanel = lazy(async () => ({ default: (await import("./experiments/Panel")).ExperimentsPanel }));
const ExoplanetsPanel = lazy(async () => ({ default: (await import("./flows/exoplanet/Panel")).ExoplanetsPanel }));
const WorkoutsPanel = lazy(async () => ({ default: (await import("./flows/workout/Panel")).WorkoutsPanel }));
const JobsPanel = lazy(async () => ({ default: (await import("./jobs/Panel")).JobsPanel }));
const LeaderboardPanel = lazy(async () => ({ default: (await import("./leaderboard/Panel")).LeaderboardPanel }));
const ModelPanel = lazy(async () => ({ default: (await import("./model/Panel")).ModelPanel }));
const ModelsPanel = lazy(async () => ({ default: (await import("./models/Panel")).ModelsPanel }));
const AlertsPanel = lazy(async () => ({ default: (await import("./monitoring/Alerts")).AlertsPanel }));
const NewExperimentPanel = lazy(async () => ({ default: (await import("./new-experiment/Panel")).NewExperimentPanel }));
const RecommendationsPanel = lazy(async () => ({
  default: (await import("./flows/recommendation/Panel")).RecommendationsPanel,
}));
const RunPanel = lazy(async () => ({ default: (await import("./run/Panel")).RunPanel }));
const CompareStudiesPanel = lazy(async () => ({ default: (await import("./study-comparison/Panel")).CompareStudiesPanel }));
const StudiesPanel = lazy(async () => ({ default: (await import("./studies/Panel")).StudiesPanel }));
const StudyPanel = lazy(async () => ({ default: (await import("./study/Panel")).StudyPanel }));

const text = { type: "string" } as const;
const asText = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** A document's id, and the name of its tab. */
interface Named {
  id: string;
  name?: string | undefined;
}

const namedArgs = (description: string) => ({
  type: "object",
  required: ["id"],
  properties: { id: { ...text, description }, name: { ...text, description: "Its name, for the tab." } },
});
const parseNamed = ({ id, name }: ReadonlyPartialJSONObject): Named | null =>
  asText(id) ? { id: id as string, name: asText(name) } : null;

const severalIds = (description: string) => ({
  type: "object",
  required: ["ids"],
  properties: { ids: { type: "array", items: text, minItems: 2, description } },
});
const parseSeveral = ({ ids }: ReadonlyPartialJSONObject): { ids: string[] } | null =>
  Array.isArray(ids) && ids.length > 1 && ids.every(asText) ? { ids: ids as string[] } : null;

/** The table of every run. */
export function experimentsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.experiments,
    label: trans.__("Experiments"),
    caption: trans.__("Runs: sort, filter, compare"),
    icon: experimentsIcon,
    args: { type: "object", properties: {} },
    view: {
      filter: { ...text, description: "A condition, as status = 'completed' and metrics.test.accuracy > 0.9." },
      quick: { ...text, description: "Words of the run's name, experiment or algorithm." },
      conditions: { type: "array", description: "Rows of the filter builder: field, operator, value." },
      sort: { ...text, description: "Columns to sort by, as -metrics.test.accuracy,name." },
      group: { ...text, description: "The field that runs are grouped by." },
      baseline: { ...text, description: "Id of the run that the others are held against." },
      withParts: { type: "boolean", description: "Whether trials of studies and models of comparisons are shown." },
      columns: { type: "array", items: text, description: "Shown columns, in order; else those of the settings." },
      pinned: { type: "array", items: text, description: "Of them, those that stay at the left." },
    },
    parse: () => ({}),
    key: () => "assay-experiments",
    title: () => trans.__("Experiments"),
    draw: () => <ExperimentsPanel />,
  };
}

/** The list of datasets. */
export function datasetsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.datasets,
    label: trans.__("Datasets"),
    caption: trans.__("Upload, clean, split and version data"),
    icon: datasetsIcon,
    args: { type: "object", properties: {} },
    parse: () => ({}),
    key: () => "assay-datasets",
    title: () => trans.__("Datasets"),
    draw: () => <DatasetsPanel />,
  };
}

/** One dataset. */
export function datasetKind(trans: TranslationBundle): DocumentKind<Named> {
  return {
    command: commandIds.dataset,
    label: trans.__("Open Dataset"),
    caption: trans.__("One dataset: columns, cleaning, charts, splits, versions"),
    icon: datasetsIcon,
    args: namedArgs("Id of the dataset."),
    view: { tab: { enum: ["columns", "rows", "clean", "charts", "splits", "versions"], description: "What is shown of it." } },
    parse: parseNamed,
    key: ({ id }) => `assay-dataset-${id}`,
    title: ({ id, name }) => name ?? trans.__("Dataset %1", id.slice(-6)),
    draw: ({ id }) => <DatasetPanel id={id} />,
  };
}

/** The form of a training, with what is given filled in. */
export function newExperimentKind(trans: TranslationBundle): DocumentKind<DraftGiven> {
  return {
    command: commandIds.newExperiment,
    label: trans.__("New Experiment"),
    caption: trans.__("Choose data and an algorithm, and train"),
    icon: newExperimentIcon,
    args: {
      type: "object",
      properties: {
        datasetId: { ...text, description: "Id of the dataset to train on." },
        splitId: { ...text, description: "Id of a saved split of it." },
        dataset: { ...text, description: "Name of the dataset, in place of its id." },
        target: { ...text, description: "Name of the column that is learnt." },
        algorithm: { ...text, description: "Name of the algorithm." },
        hyperparameters: { type: "object", description: "Its hyperparameters, those that are not the default." },
      },
    },
    view: { form: { type: "object", description: "What the form holds, as a template keeps it." } },
    parse: ({ datasetId, splitId, dataset, target, algorithm, hyperparameters }) => ({
      datasetId: asText(datasetId),
      splitId: asText(splitId),
      dataset: asText(dataset),
      target: asText(target),
      algorithm: asText(algorithm),
      hyperparameters: typeof hyperparameters === "object" ? (hyperparameters as Record<string, unknown>) : undefined,
    }),
    key: ({ hyperparameters, ...given }) =>
      ["assay-new-experiment", ...Object.values(given), hyperparameters && JSON.stringify(hyperparameters)]
        .filter(Boolean)
        .join("-"),
    title: () => trans.__("New Experiment"),
    draw: (given) => <NewExperimentPanel {...given} />,
  };
}

/** Every search. */
export function studiesKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.studies,
    label: trans.__("Studies"),
    caption: trans.__("Searches of hyperparameters"),
    icon: studyIcon,
    args: { type: "object", properties: {} },
    parse: () => ({}),
    key: () => "assay-studies",
    title: () => trans.__("Studies"),
    draw: () => <StudiesPanel />,
  };
}

/** Long work and schedules. */
export function jobsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.jobs,
    label: trans.__("Training"),
    caption: trans.__("Long work: progress, cancel, retry, schedules"),
    icon: jobsIcon,
    args: { type: "object", properties: {} },
    view: { tab: { enum: ["all", "queued", "dead", "schedules"], description: "Which of them." } },
    parse: () => ({}),
    key: () => "assay-jobs",
    title: () => trans.__("Training"),
    draw: () => <JobsPanel />,
  };
}

/** The exoplanet flow. */
export function exoplanetsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.exoplanets,
    label: trans.__("Exoplanets"),
    caption: trans.__("Train a transit network, follow it, predict"),
    icon: exoplanetsIcon,
    args: { type: "object", properties: {} },
    view: { tab: { enum: ["sessions", "start", "predict"], description: "What is shown of it." } },
    parse: () => ({}),
    key: () => "assay-exoplanets",
    title: () => trans.__("Exoplanets"),
    draw: () => <ExoplanetsPanel />,
  };
}

/** The workout flow. */
export function workoutsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.workouts,
    label: trans.__("Workouts"),
    caption: trans.__("The next weight from a training log: how sure, and why"),
    icon: workoutsIcon,
    args: { type: "object", properties: {} },
    view: {
      tab: { enum: ["next", "log", "patterns", "forecasts", "lifter"], description: "What is shown of it." },
      exercise: { ...text, description: "Name of the exercise." },
    },
    parse: () => ({}),
    key: () => "assay-workouts",
    title: () => trans.__("Workouts"),
    draw: () => <WorkoutsPanel />,
  };
}

/** The recommendation flow. */
export function recommendationsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.recommendations,
    label: trans.__("Recommendations"),
    caption: trans.__("From an application's tables to an A/B-tested recommender"),
    icon: recommendationsIcon,
    args: { type: "object", properties: {} },
    view: {
      tab: { enum: ["versions", "make", "recommenders", "ask", "ab"], description: "What is shown of it." },
      run: { ...text, description: "Id of the run of the ETL that is opened." },
      recommender: { ...text, description: "Id of the recommender that is asked." },
    },
    parse: () => ({}),
    key: () => "assay-recommendations",
    title: () => trans.__("Recommendations"),
    draw: () => <RecommendationsPanel />,
  };
}

/** One study, by id or name. */
export function studyKind(trans: TranslationBundle): DocumentKind<Named> {
  return {
    command: commandIds.study,
    label: trans.__("Open Study"),
    caption: trans.__("One search: best value, figures, trials"),
    icon: studyIcon,
    args: namedArgs("Id or name of the study."),
    parse: parseNamed,
    key: ({ id }) => `assay-study-${id}`,
    title: ({ id, name }) => name ?? trans.__("Study %1", id.slice(-6)),
    draw: ({ id }) => <StudyPanel id={id} />,
  };
}

/** Two or more studies in one figure. */
export function compareStudiesKind(trans: TranslationBundle): DocumentKind<{ ids: string[] }> {
  return {
    command: commandIds.compareStudies,
    label: trans.__("Compare Studies"),
    caption: trans.__("The best so far of several searches"),
    icon: studyIcon,
    args: severalIds("Ids of the studies."),
    parse: parseSeveral,
    key: ({ ids }) => `assay-compare-studies-${ids.join("-")}`,
    title: ({ ids }) => trans.__("Compare %1 studies", ids.length),
    draw: ({ ids }) => <CompareStudiesPanel ids={ids} />,
  };
}

/** One comparison of models, by its run. */
export function leaderboardKind(trans: TranslationBundle): DocumentKind<Named> {
  return {
    command: commandIds.leaderboard,
    label: trans.__("Open Leaderboard"),
    caption: trans.__("Models compared on the same folds"),
    icon: leaderboardIcon,
    args: namedArgs("Id of the comparison's run."),
    parse: parseNamed,
    key: ({ id }) => `assay-leaderboard-${id}`,
    title: ({ name }) => name ?? trans.__("Leaderboard"),
    draw: ({ id }) => <LeaderboardPanel id={id} />,
  };
}

/** The registry. */
export function modelsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.models,
    label: trans.__("Models"),
    caption: trans.__("Models: what is in production, aliases, alerts"),
    icon: modelsIcon,
    args: { type: "object", properties: {} },
    parse: () => ({}),
    key: () => "assay-models",
    title: () => trans.__("Models"),
    draw: () => <ModelsPanel />,
  };
}

/** One model, at one of its tabs. */
export function modelKind(trans: TranslationBundle): DocumentKind<{ name: string }> {
  return {
    command: commandIds.model,
    label: trans.__("Open Model"),
    caption: trans.__("One model: versions, predictions, A/B tests, monitoring, history"),
    icon: modelsIcon,
    args: {
      type: "object",
      required: ["name"],
      properties: { name: { ...text, description: "Name of the model." } },
    },
    view: {
      tab: {
        enum: ["versions", "try", "files", "ab", "monitoring", "history", "settings"],
        description: "What is shown of it.",
      },
      version: { ...text, description: "The version that is tried first." },
    },
    parse: ({ name }) => (asText(name) ? { name: name as string } : null),
    key: ({ name }) => `assay-model-${name}`,
    title: ({ name }) => name,
    draw: ({ name }) => <ModelPanel name={name} />,
  };
}

/** Every A/B test. */
export function abTestsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.abTests,
    label: trans.__("A/B Tests"),
    caption: trans.__("Versions that are tried on a share of the people"),
    icon: compareIcon,
    args: { type: "object", properties: {} },
    parse: () => ({}),
    key: () => "assay-ab-tests",
    title: () => trans.__("A/B Tests"),
    draw: () => <AbTestsPanel />,
  };
}

/** One A/B test. */
export function abTestKind(trans: TranslationBundle): DocumentKind<Named> {
  return {
    command: commandIds.abTest,
    label: trans.__("Open A/B Test"),
    caption: trans.__("One A/B test: people, effect, guard-rails"),
    icon: compareIcon,
    args: namedArgs("Id or name of the test."),
    parse: parseNamed,
    key: ({ id }) => `assay-ab-test-${id}`,
    title: ({ name }) => name ?? trans.__("A/B Test"),
    draw: ({ id }) => <AbTestPanel id={id} />,
  };
}

/** Alerts of every model. */
export function alertsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.alerts,
    label: trans.__("Alerts"),
    caption: trans.__("Models that are beyond their bounds"),
    icon: alertsIcon,
    args: { type: "object", properties: {} },
    parse: () => ({}),
    key: () => "assay-alerts",
    title: () => trans.__("Alerts"),
    draw: () => <AlertsPanel />,
  };
}

/** One run. */
export function runKind(trans: TranslationBundle): DocumentKind<Named> {
  return {
    command: commandIds.run,
    label: trans.__("Open Run"),
    caption: trans.__("One run: metrics, figures, log"),
    icon: runIcon,
    args: namedArgs("Id of the run."),
    parse: parseNamed,
    key: ({ id }) => `assay-run-${id}`,
    title: ({ id, name }) => name ?? trans.__("Run %1", id.slice(-6)),
    draw: ({ id }) => <RunPanel id={id} />,
  };
}

/** Two or more runs side by side. */
export function compareKind(trans: TranslationBundle): DocumentKind<{ ids: string[] }> {
  return {
    command: commandIds.compare,
    label: trans.__("Compare Runs"),
    caption: trans.__("What differs between runs"),
    icon: compareIcon,
    args: severalIds("Ids of the runs."),
    view: { baseline: { ...text, description: "Id of the run that the others are held against." } },
    parse: parseSeveral,
    key: ({ ids }) => `assay-compare-${ids.join("-")}`,
    title: ({ ids }) => trans.__("Compare %1 runs", ids.length),
    draw: ({ ids }) => <ComparePanel ids={ids} />,
  };
}
