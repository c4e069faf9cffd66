import type { TaskType, Validation } from "assay-lab/contract";
import { type Loaded, useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { type Draft, featuresOf } from "./use-draft";

/** Asks the service what stands against the draft, whenever its columns, task or algorithm change. */
export function useValidation(draft: Draft, task: TaskType): Loaded<Validation> {
  const { api } = usePanel();
  const features = featuresOf(draft);
  const body = {
    dataset_id: draft.datasetId,
    target_column: draft.target,
    feature_columns: features,
    algorithm: draft.kind === "compare" ? "dummy" : draft.algorithm,
    task_type: task,
  };
  const ready = draft.datasetId && draft.target && body.algorithm && features.length > 0;
  return useLoaded(ready ? JSON.stringify(body) : null, () => routes.validate(api, body));
}
