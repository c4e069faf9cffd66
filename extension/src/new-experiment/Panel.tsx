import type { Validation } from "assay-lab/contract";
import React, { useMemo } from "react";
import { datasetRoutes } from "../dataset-routes";
import { State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { AlgorithmPicker } from "./AlgorithmPicker";
import { ClassCounts } from "./ClassCounts";
import { CompareModels } from "./CompareModels";
import { comparisonCell, searchCell, trainingCell } from "./cell-text";
import { Data } from "./Data";
import { Estimate } from "./Estimate";
import { Hyperparameters } from "./Hyperparameters";
import { Kind } from "./Kind";
import { Preprocessing } from "./Preprocessing";
import { SavedSplits } from "./SavedSplits";
import { Search } from "./Search";
import { Split } from "./Split";
import { Start } from "./Start";
import { Stopping } from "./Stopping";
import { isComparisonReady, isSearchReady, refusedRange } from "./search-draft";
import { comparisonRequestOf, searchRequestOf, trainingRequestOf } from "./search-requests";
import { startDraft } from "./start-draft";
import { Templates } from "./Templates";
import { type DraftGiven, type DraftState, featuresOf, refusedParam, useDraft } from "./use-draft";
import { useValidation } from "./use-validation";

/** The form that starts a training, a search of hyperparameters, or a comparison of algorithms. */
export function NewExperimentPanel(given: DraftGiven): React.JSX.Element {
  const { api, commands } = usePanel();
  const state = useDraft(given);
  const { draft, change, dataset, algorithms, params, task } = state;
  const validation = useValidation(draft, task);
  const { act, failure, busy: starting, forget } = useAction();
  const schema = params.data?.schema ?? null;
  const refused = useMemo(() => refusedParam(failure, schema), [failure, schema]);
  const badRange = useMemo(() => refusedRange(failure, draft.search.ranges), [failure, draft.search.ranges]);
  const { kind } = draft;

  const start = (event: React.FormEvent) => {
    event.preventDefault();
    void act(() => startDraft({ api, commands }, draft, task, schema));
  };
  const cell = () => {
    const isPreset = algorithms.data?.find(({ name }) => name === draft.algorithm)?.preset_of != null;
    const of = { dataset: `${dataset.data!.name}@${dataset.data!.version}`, isPreset };
    if (kind === "search") return searchCell(searchRequestOf(draft, task, schema), of);
    return kind === "compare"
      ? comparisonCell(comparisonRequestOf(draft, task), of)
      : trainingCell(trainingRequestOf(draft, task, schema), of);
  };

  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayNew">
      <Templates draft={draft} change={change} />
      <Data state={state} problems={validation.data?.problems ?? noProblems} />
      {dataset.data && (
        <form onSubmit={start} noValidate>
          <Kind kind={kind} onChange={(next) => change({ kind: next })} />
          {kind === "compare" ? (
            <CompareModels
              comparison={draft.comparison}
              algorithms={algorithms.data ?? []}
              task={task}
              change={(part) => change({ comparison: { ...draft.comparison, ...part } })}
            />
          ) : (
            <AlgorithmSection state={state} refused={refused} onChange={forget} />
          )}
          {kind === "search" && schema && (
            <Search
              search={draft.search}
              schema={schema}
              task={task}
              usualNames={Object.keys(params.data?.space ?? {})}
              refused={badRange}
              change={(part) => {
                forget();
                change({ search: { ...draft.search, ...part } });
              }}
            />
          )}
          {kind !== "compare" && <Preprocessing state={state} />}
          <SplitSection state={state} />
          <Estimate state={state} />
          <Start
            draft={draft}
            change={change}
            validation={validation}
            failure={refused || badRange ? null : failure}
            ready={isReady(state) && validation.data?.valid === true}
            starting={starting}
            cell={cell}
          />
        </form>
      )}
    </div>
  );
}

const noProblems: Validation["problems"] = [];

/** Whether every field of what is started holds something that can be sent. */
function isReady({ draft, params }: DraftState): boolean {
  const { kind, testSize, validationSize } = draft;
  if (draft.target === "" || draft.experiment.trim() === "" || !Number.isSafeInteger(draft.seed)) return false;
  if (kind === "compare") return isComparisonReady(draft.comparison);
  const isAlgorithmReady =
    draft.algorithm !== "" &&
    isCount(draft.selected) &&
    isCount(draft.patience) &&
    draft.hyperparametersValid &&
    testSize > 0 &&
    validationSize >= 0 &&
    testSize + validationSize <= 0.9;
  return isAlgorithmReady && (kind === "train" || isSearchReady(draft.search, params.data?.schema ?? null));
}

/** Whether an optional field holds nothing, or a count. */
function isCount(value: number): boolean {
  return Number.isNaN(value) || (Number.isSafeInteger(value) && value >= 1);
}

interface AlgorithmSectionProps {
  state: DraftState;
  refused: { name: string; message: string } | null;
  onChange(): void;
}

/** The algorithm and the form of its hyperparameters. */
function AlgorithmSection({ state, refused, onChange }: AlgorithmSectionProps): React.JSX.Element {
  const { trans } = usePanel();
  const { draft, change, algorithms, params, task } = state;
  const parts = useMemo(
    () => (algorithms.data ?? []).filter(({ name, preset_of }) => preset_of === null && name !== draft.algorithm),
    [algorithms.data, draft.algorithm],
  );
  const features = useMemo(() => featuresOf(draft), [draft]);
  return (
    <section aria-label={trans.__("Algorithm")}>
      <h2>{trans.__("Algorithm")}</h2>
      <State of={algorithms} rows={1} />
      <AlgorithmPicker
        algorithms={algorithms.data ?? []}
        value={draft.algorithm}
        onChange={(algorithm) => change({ algorithm, hyperparameters: {}, hyperparametersValid: true })}
      />
      <State of={params}>
        {(data) => (
          <>
            <Hyperparameters
              key={`${draft.algorithm} ${task}`}
              schema={data.schema}
              space={data.space}
              values={draft.hyperparameters}
              parts={parts}
              features={features}
              refused={refused}
              onChange={(hyperparameters, hyperparametersValid) => {
                onChange();
                change({ hyperparameters, hyperparametersValid });
              }}
            />
            <Stopping draft={draft} change={change} schema={data.schema} />
          </>
        )}
      </State>
    </section>
  );
}

/** How the rows are parted, and what each part gets of each class. */
function SplitSection({ state: { draft, change, dataset, task } }: { state: DraftState }): React.JSX.Element {
  const { api, trans } = usePanel();
  const columns = dataset.data?.column_info ?? [];
  const profile = useLoaded(task === "classification" && draft.target ? draft.datasetId : null, () =>
    datasetRoutes.profile(api, draft.datasetId),
  );
  const target = profile.data?.columns.find(({ name }) => name === draft.target);
  const isSplit = draft.kind !== "compare";
  return (
    <section aria-label={isSplit ? trans.__("Split") : trans.__("Folds")}>
      <h2>{isSplit ? trans.__("Split") : trans.__("Folds")}</h2>
      {isSplit && <SavedSplits draft={draft} change={change} datasetId={draft.datasetId} />}
      {(draft.splitId === "" || !isSplit) && <Split draft={draft} change={change} columns={columns} task={task} />}
      <State of={profile} rows={0} />
      {draft.splitId === "" && isSplit && target && <ClassCounts profile={target} draft={draft} />}
    </section>
  );
}
