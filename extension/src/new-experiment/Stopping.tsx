import React from "react";
import { NumberField, SelectField } from "../elements/Field";
import { usePanel } from "../panel";
import type { ParamsSchema } from "../routes";
import { stopsEarly } from "./stops-early";
import type { Draft } from "./use-draft";

interface StoppingProps {
  draft: Draft;
  change(part: Partial<Draft>): void;
  schema: ParamsSchema;
}

/** Whether a training ends when it gains no more, for an algorithm that can. */
export function Stopping({ draft, change, schema }: StoppingProps): React.JSX.Element | null {
  const { trans } = usePanel();
  if (!stopsEarly(schema)) return null;
  return (
    <div className="jp-Assay-fields jp-AssayNew-stopping">
      <SelectField
        label={trans.__("Early stopping")}
        hint={trans.__("Ends when rows kept back gain no more.")}
        name="early_stopping"
        value={draft.stopping}
        none={trans.__("as the algorithm does by itself")}
        options={[
          { value: "yes", label: trans.__("yes") },
          { value: "no", label: trans.__("no") },
        ]}
        onChange={(stopping) => change({ stopping: stopping as Draft["stopping"] })}
      />
      {draft.stopping === "yes" && (
        <NumberField
          label={trans.__("Rounds without gain")}
          name="early_stopping_patience"
          value={draft.patience}
          min={1}
          max={1_000_000}
          none={trans.__("the usual ones")}
          onChange={(patience) => change({ patience })}
        />
      )}
    </div>
  );
}
