import type { TranslationBundle } from "@jupyterlab/translation";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import React from "react";
import { ComparePanel } from "./compare/Panel";
import { DatasetPanel } from "./dataset/Panel";
import { DatasetsPanel } from "./datasets/Panel";
import type { DocumentKind } from "./documents";
import { ExperimentsPanel } from "./experiments/Panel";
import {
  compareIcon,
  datasetsIcon,
  experimentsIcon,
  jobsIcon,
  leaderboardIcon,
  modelsIcon,
  newExperimentIcon,
  runIcon,
  studyIcon,
} from "./icons";
import { commandIds } from "./ids";
import { JobsPanel } from "./jobs/Panel";
import { LeaderboardPanel } from "./leaderboard/Panel";
import { ModelsPanel } from "./models/Panel";
import { NewExperimentPanel } from "./new-experiment/Panel";
import type { DraftGiven } from "./new-experiment/use-draft";
import { RunPanel } from "./run/Panel";
import { StudiesPanel } from "./studies/Panel";
import { StudyPanel } from "./study/Panel";

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

/** The table of every run. */
export function experimentsKind(trans: TranslationBundle): DocumentKind<object> {
  return {
    command: commandIds.experiments,
    label: trans.__("Experiments"),
    caption: trans.__("Runs: sort, filter, compare"),
    icon: experimentsIcon,
    args: { type: "object", properties: {} },
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
    label: trans.__("Jobs"),
    caption: trans.__("Long work: progress, cancel, retry, schedules"),
    icon: jobsIcon,
    args: { type: "object", properties: {} },
    parse: () => ({}),
    key: () => "assay-jobs",
    title: () => trans.__("Jobs"),
    draw: () => <JobsPanel />,
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

/** The registry; a given model comes first. */
export function modelsKind(trans: TranslationBundle): DocumentKind<{ model?: string | undefined }> {
  return {
    command: commandIds.models,
    label: trans.__("Models"),
    caption: trans.__("Model versions: promote, roll back, try"),
    icon: modelsIcon,
    args: { type: "object", properties: { model: { ...text, description: "Name of the model to show first." } } },
    parse: ({ model }) => ({ model: asText(model) }),
    key: () => "assay-models",
    title: () => trans.__("Models"),
    draw: ({ model }) => <ModelsPanel model={model} />,
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
    args: {
      type: "object",
      required: ["ids"],
      properties: { ids: { type: "array", items: text, minItems: 2, description: "Ids of the runs." } },
    },
    parse: ({ ids }) => (Array.isArray(ids) && ids.length > 1 && ids.every(asText) ? { ids: ids as string[] } : null),
    key: ({ ids }) => `assay-compare-${ids.join("-")}`,
    title: ({ ids }) => trans.__("Compare %1 runs", ids.length),
    draw: ({ ids }) => <ComparePanel ids={ids} />,
  };
}
