import React from "react";
import { datasetRoutes } from "../dataset-routes";
import { SelectField } from "../elements/Field";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import type { Draft } from "./use-draft";

interface SavedSplitsProps {
  datasetId: string;
  draft: Draft;
  change(part: Partial<Draft>): void;
}

/** The dataset's saved splits, where it has some. */
export function SavedSplits({ datasetId, draft, change }: SavedSplitsProps): React.JSX.Element | null {
  const { api, trans } = usePanel();
  const { data } = useLoaded(datasetId, () => datasetRoutes.splits(api, datasetId));
  if (!data || data.length === 0) return null;
  return (
    <div className="jp-Assay-fields">
      <SelectField
        label={trans.__("Saved split")}
        name="split_id"
        value={draft.splitId}
        none={trans.__("none, split anew")}
        options={data.map(({ split_id, name, dataset }) => ({ value: split_id, label: `${name} · ${dataset}` }))}
        onChange={(splitId) => change({ splitId })}
      />
    </div>
  );
}
