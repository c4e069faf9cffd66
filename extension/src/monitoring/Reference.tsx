import type { ModelDrift } from "assay-lab/contract";
import React, { useId } from "react";
import { datasetRoutes } from "../dataset-routes";
import { Select } from "../elements/Field";
import { formatInstant } from "../elements/format";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { monitorRoutes } from "./monitor-routes";

interface ReferenceProps {
  drift: ModelDrift;
  /** How the version is cited. */
  version: string;
  onSet(): void;
}

/** What drift is held against, and the choice of another dataset for it. */
export function Reference({ drift, version, onSet }: ReferenceProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const id = useId();
  const datasets = useLoaded("datasets", async () => (await datasetRoutes.list(api)).items);
  const { act, failure } = useAction(onSet);
  const { reference } = drift;
  const set = (dataset: string) => {
    if (dataset !== "") void act(() => monitorRoutes.setReference(api, version, dataset));
  };
  return (
    <section aria-label={trans.__("Reference of the drift")} className="jp-AssayMonitoring-reference">
      <p className={reference ? "jp-Assay-faint" : "jp-Assay-notice"} data-tone={reference ? undefined : "warning"}>
        {reference
          ? trans.__(
              "Drift is held against %1 rows of %2, read %3.",
              reference.rows.toLocaleString(),
              reference.dataset ?? trans.__("the training data"),
              formatInstant(reference.created_at),
            )
          : trans.__("Nothing is known that drift could be held against: choose the dataset of the training.")}
      </p>
      <Select
        id={id}
        name="reference"
        label={trans.__("Dataset that drift is held against")}
        value=""
        none={trans.__("take another dataset…")}
        options={(datasets.data ?? []).map(({ name }) => ({ value: name, label: name }))}
        onChange={set}
      />
      <Failure error={failure} />
    </section>
  );
}
