import React from "react";
import { NumberField, SelectField } from "../elements/Field";
import { commandIds } from "../ids";
import { usePanel } from "../panel";
import type { Draft, DraftState } from "./use-draft";

/** What is done to the columns before the algorithm sees them. */
export function Preprocessing({ state: { draft, change, dataset } }: { state: DraftState }): React.JSX.Element {
  const { commands, trans } = usePanel();
  const open = () => void commands.execute(commandIds.dataset, { id: draft.datasetId, name: dataset.data?.name ?? "" });
  return (
    <section aria-label={trans.__("Preprocessing")}>
      <h2>{trans.__("Preprocessing")}</h2>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Before the algorithm")}
          hint={
            draft.preprocessing === "auto"
              ? trans.__(
                  "Gaps are filled, categories coded and numbers scaled where the algorithm needs it, from training rows alone.",
                )
              : trans.__("The algorithm gets the columns as they are.")
          }
          name="preprocessing"
          value={draft.preprocessing}
          options={[
            { value: "auto", label: trans.__("what the algorithm needs") },
            { value: "none", label: trans.__("nothing") },
          ]}
          onChange={(chosen) => change({ preprocessing: chosen as "auto" | "none" })}
        />
        {draft.preprocessing === "auto" && <Steps draft={draft} change={change} />}
      </div>
      <p className="jp-Assay-faint">
        {trans.__("Other steps make a version of the dataset:")}{" "}
        <button type="button" className="jp-Assay-link" onClick={open}>
          {trans.__("clean and transform")}
        </button>
      </p>
    </section>
  );
}

/** How numbers are scaled, and which columns are kept, where that is not left to the algorithm. */
function Steps({ draft, change }: Pick<DraftState, "draft" | "change">): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <>
      <SelectField
        label={trans.__("Scaling")}
        name="scaling_method"
        value={draft.scaling}
        none={trans.__("what the algorithm needs")}
        options={[
          { value: "standard", label: trans.__("standard: mean 0, deviation 1") },
          { value: "min_max", label: trans.__("from 0 to 1") },
          { value: "robust", label: trans.__("robust: by median and quartiles") },
          { value: "none", label: trans.__("none") },
        ]}
        onChange={(scaling) => change({ scaling: scaling as Draft["scaling"] })}
      />
      <SelectField
        label={trans.__("Choice of columns")}
        hint={trans.__("On the training rows alone, once categories are coded.")}
        name="feature_selection"
        value={draft.selection}
        none={trans.__("all of them")}
        options={[
          { value: "correlation", label: trans.__("by correlation with the target") },
          { value: "mutual_info", label: trans.__("by mutual information") },
          { value: "statistical", label: trans.__("by statistical tests") },
          { value: "tree_importance", label: trans.__("by the importance in trees") },
          { value: "rfe", label: trans.__("by leaving out the least important, again and again") },
        ]}
        onChange={(selection) => change({ selection: selection as Draft["selection"] })}
      />
      {draft.selection !== "" && (
        <NumberField
          label={trans.__("Columns to keep")}
          name="n_features"
          value={draft.selected}
          min={1}
          max={100_000}
          none={trans.__("half of them")}
          onChange={(selected) => change({ selected })}
        />
      )}
    </>
  );
}
