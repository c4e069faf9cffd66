import type { DatasetColumn, DatasetInfo, SavedSplit, Step, StepForm, StepPreview } from "assay-lab/contract";
import { useEffect, useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { served } from "../words";
import { columnsAfter } from "./columns-after";

/** A list of cleaning steps that is being written, and what its chosen step does. */
export interface StepsDraft {
  forms: Loaded<StepForm[]>;
  splits: Loaded<SavedSplit[]>;
  steps: readonly Step[];
  /** Place of the step that is shown. */
  at: number;
  show(at: number): void;
  add(step: string): void;
  change(at: number, step: Step): void;
  remove(at: number): void;
  move(at: number, by: number): void;
  clear(): void;
  /** The columns that the steps before the shown one leave. */
  columns: readonly DatasetColumn[];
  splitId: string;
  setSplitId(id: string): void;
  /** What the shown step does after those before it. */
  preview: Loaded<StepPreview>;
}

const pauseMs = 350;

/** Holds the steps of a dataset's cleaning; the shown one is previewed a moment after its last change. */
export function useSteps(dataset: DatasetInfo): StepsDraft {
  const { api, trans } = usePanel();
  const ref = `${dataset.dataset_id}@${dataset.version}`;
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [at, setAt] = useState(0);
  const [splitId, setSplitId] = useState("");
  const forms = useLoaded("step forms", async () => served(trans, await datasetRoutes.stepForms(api)));
  const splits = useLoaded(ref, async () =>
    (await datasetRoutes.splits(api, dataset.dataset_id)).filter(({ version }) => version === dataset.version),
  );
  const asked = JSON.stringify(steps.slice(0, at + 1));
  const settled = useSettled(asked, pauseMs);
  const preview = useLoaded(settled === "[]" ? null : `${ref} ${splitId} ${settled}`, () =>
    datasetRoutes.preview(api, { dataset_id: ref, steps: JSON.parse(settled), ...(splitId ? { split_id: splitId } : {}) }),
  );

  const earlier = JSON.stringify(steps.slice(0, at));
  const settledEarlier = useSettled(earlier, pauseMs);
  const left = useLoaded(settledEarlier === "[]" ? null : `${ref} ${splitId} ${settledEarlier}`, () =>
    columnsAfter(dataset.column_info, JSON.parse(settledEarlier) as Step[], (prefix) =>
      datasetRoutes.preview(api, { dataset_id: ref, steps: prefix, ...(splitId ? { split_id: splitId } : {}) }),
    ),
  );

  return {
    forms,
    splits,
    columns: (earlier === "[]" ? null : left.data) ?? dataset.column_info,
    steps,
    at,
    show: setAt,
    add: (step) => {
      setSteps([...steps, { step }]);
      setAt(steps.length);
    },
    change: (place, step) => setSteps(steps.map((each, k) => (k === place ? step : each))),
    remove: (place) => {
      setSteps(steps.filter((_, k) => k !== place));
      setAt(Math.max(0, Math.min(at, steps.length - 2)));
    },
    move: (place, by) => {
      const next = [...steps];
      const [moved] = next.splice(place, 1);
      next.splice(place + by, 0, moved!);
      setSteps(next);
      setAt(place + by);
    },
    clear: () => {
      setSteps([]);
      setAt(0);
    },
    splitId,
    setSplitId,
    preview: settled === asked ? preview : { ...preview, loading: true },
  };
}

/** A value once it has stayed the same for so long. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
