import type { TranslationBundle } from "@jupyterlab/translation";
import React from "react";
import { ComparePanel } from "./compare/Panel";
import { DatasetPanel } from "./dataset/Panel";
import { DatasetsPanel } from "./datasets/Panel";
import type { DocumentKind } from "./documents";
import { ExperimentsPanel } from "./experiments/Panel";
import { compareIcon, datasetsIcon, experimentsIcon, modelsIcon, newExperimentIcon, runIcon } from "./icons";
import { commandIds } from "./ids";
import { ModelsPanel } from "./models/Panel";
import { NewExperimentPanel } from "./new-experiment/Panel";
import { RunPanel } from "./run/Panel";

const text = { type: "string" } as const;
const asText = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

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
export function datasetKind(trans: TranslationBundle): DocumentKind<{ id: string; name?: string | undefined }> {
  return {
    command: commandIds.dataset,
    label: trans.__("Open Dataset"),
    caption: trans.__("One dataset: columns, cleaning, charts, splits, versions"),
    icon: datasetsIcon,
    args: {
      type: "object",
      required: ["id"],
      properties: {
        id: { ...text, description: "Id of the dataset." },
        name: { ...text, description: "Its name, for the tab." },
      },
    },
    parse: ({ id, name }) => (asText(id) ? { id: id as string, name: asText(name) } : null),
    key: ({ id }) => `assay-dataset-${id}`,
    title: ({ id, name }) => name ?? trans.__("Dataset %1", id.slice(-6)),
    draw: ({ id }) => <DatasetPanel id={id} />,
  };
}

/** The form of a training, its dataset and saved split chosen where they are given. */
export function newExperimentKind(
  trans: TranslationBundle,
): DocumentKind<{ datasetId?: string | undefined; splitId?: string | undefined }> {
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
      },
    },
    parse: ({ datasetId, splitId }) => ({ datasetId: asText(datasetId), splitId: asText(splitId) }),
    key: ({ datasetId, splitId }) => ["assay-new-experiment", datasetId, splitId].filter(Boolean).join("-"),
    title: () => trans.__("New Experiment"),
    draw: (given) => <NewExperimentPanel {...given} />,
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
export function runKind(trans: TranslationBundle): DocumentKind<{ id: string; name?: string | undefined }> {
  return {
    command: commandIds.run,
    label: trans.__("Open Run"),
    caption: trans.__("One run: metrics, figures, log"),
    icon: runIcon,
    args: {
      type: "object",
      required: ["id"],
      properties: { id: { ...text, description: "Id of the run." }, name: { ...text, description: "Its name, for the tab." } },
    },
    parse: ({ id, name }) => (asText(id) ? { id: id as string, name: asText(name) } : null),
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
