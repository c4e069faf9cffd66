import React, { useMemo, useState } from "react";
import { Field, Select } from "../elements/Field";
import { Failure, Loading } from "../elements/states";
import { usePanel } from "../panel";
import { CompareModels } from "./CompareModels";
import { comparisonCell, searchCell, trainingCell } from "./cell-text";
import { Data } from "./Data";
import { Hyperparameters } from "./Hyperparameters";
import { Kind } from "./Kind";
import { SavedSplits } from "./SavedSplits";
import { Search } from "./Search";
import { Split } from "./Split";
import { Start } from "./Start";
import { isComparisonReady, isSearchReady, refusedRange } from "./search-draft";
import { comparisonRequestOf, searchRequestOf } from "./search-requests";
import { startDraft } from "./start-draft";
import { type DraftGiven, type DraftState, featuresOf, refusedParam, requestOf, useDraft } from "./use-draft";
import { useValidation } from "./use-validation";

/** The form that starts a training, a search of hyperparameters, or a comparison of algorithms. */
export function NewExperimentPanel(given: DraftGiven): React.JSX.Element {
  const { api, commands } = usePanel();
  const state = useDraft(given);
  const { draft, change, dataset, algorithms, params, task } = state;
  const validation = useValidation(draft, task);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const schema = params.data?.schema ?? null;
  const refused = useMemo(() => refusedParam(failure, schema), [failure, schema]);
  const badRange = useMemo(() => refusedRange(failure, draft.search.ranges), [failure, draft.search.ranges]);
  const { kind } = draft;

  const start = (event: React.FormEvent) => {
    event.preventDefault();
    setStarting(true);
    setFailure(null);
    startDraft({ api, commands }, draft, task, schema)
      .catch(setFailure)
      .finally(() => setStarting(false));
  };
  const cell = () => {
    const isPreset = algorithms.data?.find(({ name }) => name === draft.algorithm)?.preset_of != null;
    const of = { dataset: `${dataset.data!.name}@${dataset.data!.version}`, isPreset };
    if (kind === "search") return searchCell(searchRequestOf(draft, task, schema), of);
    return kind === "compare" ? comparisonCell(comparisonRequestOf(draft, task), of) : trainingCell(requestOf(draft, task), of);
  };

  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayNew">
      <Data state={state} />
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
            <AlgorithmSection state={state} refused={refused} onChange={() => setFailure(null)} />
          )}
          {kind === "search" && schema && (
            <Search
              search={draft.search}
              schema={schema}
              task={task}
              usualNames={Object.keys(params.data?.space ?? {})}
              refused={badRange}
              change={(part) => {
                setFailure(null);
                change({ search: { ...draft.search, ...part } });
              }}
            />
          )}
          <SplitSection state={state} />
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

/** Whether every field of what is started holds something that can be sent. */
function isReady({ draft, params }: DraftState): boolean {
  const { kind, testSize } = draft;
  if (draft.target === "" || draft.experiment.trim() === "" || !Number.isSafeInteger(draft.seed)) return false;
  if (kind === "compare") return isComparisonReady(draft.comparison);
  const isAlgorithmReady = draft.algorithm !== "" && draft.hyperparametersValid && testSize > 0 && testSize <= 0.9;
  return isAlgorithmReady && (kind === "train" || isSearchReady(draft.search, params.data?.schema ?? null));
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
      {algorithms.error !== null && <Failure error={algorithms.error} onRetry={algorithms.reload} />}
      <Field label={trans.__("Algorithm")} hint={algorithms.data?.find(({ name }) => name === draft.algorithm)?.description}>
        {(id) => (
          <Select
            id={id}
            name="algorithm"
            value={draft.algorithm}
            options={(algorithms.data ?? []).map(({ name, title }) => ({ value: name, label: title }))}
            onChange={(algorithm) => change({ algorithm, hyperparameters: {}, hyperparametersValid: true })}
          />
        )}
      </Field>
      {params.error !== null && <Failure error={params.error} onRetry={params.reload} />}
      {params.loading && !params.data && <Loading />}
      {params.data && (
        <Hyperparameters
          key={`${draft.algorithm} ${task}`}
          schema={params.data.schema}
          values={draft.hyperparameters}
          parts={parts}
          features={features}
          refused={refused}
          onChange={(hyperparameters, hyperparametersValid) => {
            onChange();
            change({ hyperparameters, hyperparametersValid });
          }}
        />
      )}
    </section>
  );
}

function SplitSection({ state: { draft, change, dataset, task } }: { state: DraftState }): React.JSX.Element {
  const { trans } = usePanel();
  const columns = dataset.data?.column_info ?? [];
  const isSplit = draft.kind !== "compare";
  return (
    <section aria-label={isSplit ? trans.__("Split") : trans.__("Folds")}>
      <h2>{isSplit ? trans.__("Split") : trans.__("Folds")}</h2>
      {isSplit && <SavedSplits draft={draft} change={change} datasetId={draft.datasetId} />}
      {(draft.splitId === "" || !isSplit) && <Split draft={draft} change={change} columns={columns} task={task} />}
    </section>
  );
}
