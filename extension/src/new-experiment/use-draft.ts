import { type Algorithm, type Dataset, type DatasetInfo, guessedTask, type TaskType } from "assay-lab/contract";
import { useEffect, useRef, useState } from "react";
import { ServiceError } from "../api";
import { datasetRoutes } from "../dataset-routes";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { type NewExperiment, type ParamsSchema, routes, type Space } from "../routes";
import { served } from "../words";
import { carriedOver } from "./params-form";
import { draftsOf } from "./range-draft";
import { type ComparisonDraft, freshComparison, freshSearch, type SearchDraft } from "./search-draft";
import { useKeptForm } from "./use-kept-form";

/** What the form starts: one training, a search of hyperparameters, a comparison of algorithms. */
export type DraftKind = "train" | "search" | "compare";

type ScalingMethod = NonNullable<NewExperiment["scaling_method"]>;
type SelectionMethod = NonNullable<NewExperiment["feature_selection"]>["method"];

/** What a form begins with. */
export interface DraftGiven {
  datasetId?: string | undefined;
  splitId?: string | undefined;
  /** name or name@version, in place of the id. */
  dataset?: string | undefined;
  target?: string | undefined;
  algorithm?: string | undefined;
  hyperparameters?: Record<string, unknown> | undefined;
}

/** What the form holds. */
export interface Draft {
  datasetId: string;
  target: string;
  features: ReadonlySet<string>;
  /** Chosen by hand; empty for the guessed one. */
  task: TaskType | "";
  algorithm: string;
  hyperparameters: Record<string, unknown>;
  hyperparametersValid: boolean;
  testSize: number;
  stratified: boolean;
  /** Share of rows on which trainings that watch themselves stop early. */
  validationSize: number;
  group: string;
  /** Column that orders the rows, the latest are the test; empty for none. */
  time: string;
  /** What is done to the columns before the algorithm. */
  preprocessing: "auto" | "none";
  /** How numbers come to one scale; empty for what the algorithm needs. */
  scaling: "" | ScalingMethod;
  /** How the columns are chosen that the algorithm sees; empty for all of them. */
  selection: "" | SelectionMethod;
  /** Columns that are chosen; NaN for half of them. */
  selected: number;
  /** Whether the training ends when it gains no more; empty for what the algorithm does by itself. */
  stopping: "" | "yes" | "no";
  /** Rounds without gain that end it; NaN for the usual ones. */
  patience: number;
  seed: number;
  folds: number;
  /** A saved split in place of the shares; empty for none. */
  splitId: string;
  experiment: string;
  runName: string;
  kind: DraftKind;
  search: SearchDraft;
  comparison: ComparisonDraft;
}

/** A form in which nothing was chosen. */
export const freshDraft: Draft = {
  datasetId: "",
  target: "",
  features: new Set(),
  task: "",
  algorithm: "",
  hyperparameters: {},
  hyperparametersValid: true,
  testSize: 0.2,
  stratified: true,
  validationSize: 0,
  group: "",
  time: "",
  preprocessing: "auto",
  scaling: "",
  selection: "",
  selected: Number.NaN,
  stopping: "",
  patience: Number.NaN,
  seed: 42,
  folds: 0,
  splitId: "",
  experiment: "",
  runName: "",
  kind: "train",
  search: freshSearch,
  comparison: freshComparison,
};

/** The draft with everything that its choices bring along. */
export interface DraftState {
  draft: Draft;
  change(part: Partial<Draft>): void;
  datasets: Loaded<{ items: Dataset[] }>;
  dataset: Loaded<DatasetInfo>;
  algorithms: Loaded<Algorithm[]>;
  params: Loaded<{ schema: ParamsSchema; space?: Space }>;
  task: TaskType;
  guessed: TaskType;
}

/** Holds the form; choosing a dataset, target or algorithm fills in what follows from it. */
export function useDraft(given: DraftGiven): DraftState {
  const { api, preferences, trans } = usePanel();
  const [draft, setDraft] = useState<Draft>(() => ({
    ...freshDraft,
    datasetId: given.datasetId ?? "",
    algorithm: given.algorithm ?? "",
    hyperparameters: given.hyperparameters ?? {},
    testSize: preferences.values.testSize,
    seed: preferences.values.seed,
    splitId: given.splitId ?? "",
  }));
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  useKeptForm(draft, setDraft);

  const datasets = useLoaded("datasets", () => datasetRoutes.list(api));
  const dataset = useLoaded(draft.datasetId || null, () => datasetRoutes.get(api, draft.datasetId));
  const columns = dataset.data?.column_info ?? [];
  const guessed = guessedTask(columns.find((column) => column.name === draft.target));
  const task = draft.task || guessed;
  const algorithms = useLoaded(draft.target ? task : null, async () => served(trans, await routes.algorithms(api, task)));
  const params = useLoaded(draft.algorithm && draft.target ? `${draft.algorithm} ${task}` : null, () =>
    routes.params(api, draft.algorithm, task).then((answer) => served(trans, answer)),
  );

  useEffect(() => {
    const name = given.dataset?.replace(/@\d+$/, "");
    const named = datasets.data?.items.find((each) => each.name === name);
    if (named && draft.datasetId === "") change({ datasetId: named.dataset_id });
  }, [datasets.data]);

  useEffect(() => {
    if (!dataset.data) return;
    const { column_info, target_column, name } = dataset.data;
    const names = column_info.map((column) => column.name);
    if (names.includes(draft.target)) return;
    const target = (names.includes(given.target ?? "") && given.target) || (target_column ?? names.at(-1) ?? "");
    change({
      target,
      features: new Set(names.filter((each) => each !== target)),
      group: "",
      time: "",
      experiment: draft.experiment || name,
    });
  }, [dataset.data]);

  useEffect(() => {
    const names = algorithms.data?.map(({ name }) => name);
    if (!names) return;
    const algorithm = names.find((name) => name === "random_forest") ?? names[0] ?? "";
    // what was chosen meanwhile stays
    setDraft((now) =>
      names.includes(now.algorithm) ? now : { ...now, algorithm, hyperparameters: {}, hyperparametersValid: true },
    );
  }, [algorithms.data]);

  const shown = useRef<{ algorithm: string; schema: ParamsSchema } | null>(null);
  useEffect(() => {
    if (!params.data) return;
    const { schema, space } = params.data;
    const before = shown.current;
    shown.current = { algorithm: draft.algorithm, schema };
    // the other task of the same algorithm may know other values and defaults
    if (before?.algorithm === draft.algorithm && before.schema !== schema)
      setDraft((old) => ({
        ...old,
        hyperparameters: carriedOver(old.hyperparameters, before.schema, schema),
        hyperparametersValid: true,
      }));
    const rangesOf = `${draft.algorithm} ${task}`;
    // where the service tells the usual ranges they are there to be changed; those of a kept form stay
    setDraft((old) =>
      old.search.rangesOf === rangesOf
        ? old
        : { ...old, search: { ...old.search, rangesOf, usual: !space, ranges: space ? draftsOf(space) : {} } },
    );
  }, [params.data]);

  return { draft, change, datasets, dataset, algorithms, params, task, guessed };
}

/** The chosen columns without target, group and time. */
export function featuresOf({ features, target, group, time }: Draft): string[] {
  return [...features].filter((name) => name !== target && name !== group && name !== time);
}

/** The hyperparameter that the service refused and what it said of it; null where the failure is another. */
export function refusedParam(failure: unknown, schema: ParamsSchema | null): { name: string; message: string } | null {
  const field = failure instanceof ServiceError ? failure.problem?.field : undefined;
  const name = /^hyperparameters\.(\w+)/.exec(field ?? "")?.[1];
  return name && schema && Object.hasOwn(schema.properties, name) ? { name, message: (failure as ServiceError).message } : null;
}

/** The request that the draft stands for. */
export function requestOf(draft: Draft, task: TaskType): NewExperiment {
  return {
    name: draft.experiment.trim(),
    ...(draft.runName.trim() ? { run_name: draft.runName.trim() } : {}),
    dataset_id: draft.datasetId,
    target_column: draft.target,
    feature_columns: featuresOf(draft),
    task_type: task,
    algorithm: draft.algorithm,
    hyperparameters: draft.hyperparameters,
    ...(draft.splitId
      ? { split_id: draft.splitId }
      : { test_size: draft.testSize, stratified: task === "classification" && draft.stratified && !draft.time }),
    ...(draft.group ? { group_column: draft.group } : {}),
    ...(draft.time && !draft.splitId ? { time_column: draft.time } : {}),
    ...(draft.validationSize > 0 && !draft.splitId ? { validation_size: draft.validationSize } : {}),
    ...preparationOf(draft),
    random_seed: draft.seed,
    ...(draft.folds >= 2 ? { cv_folds: draft.folds } : {}),
  };
}

/** What the draft asks to be done to the columns; what is left to the algorithm is not said. */
function preparationOf({ preprocessing, scaling, selection, selected }: Draft): Partial<NewExperiment> {
  if (preprocessing === "none") return { preprocessing };
  return {
    ...(scaling ? { scaling_method: scaling } : {}),
    ...(selection
      ? { feature_selection: { method: selection, ...(Number.isNaN(selected) ? {} : { n_features: selected }) } }
      : {}),
  };
}
