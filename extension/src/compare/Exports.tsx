import type { Comparison } from "assay-lab/contract";
import React from "react";
import { SelectField } from "../elements/Field";
import { Failure } from "../elements/states";
import { useAction } from "../elements/use-action";
import { usePanel } from "../panel";
import { routes } from "../routes";
import { shortName } from "./figures";

interface ExportsProps {
  comparison: Comparison;
  onBaseline(id: string): void;
}

/** The run that the others are held against, and the comparison as a file. */
export function Exports({ comparison: { runs, baseline, left_out }, onBaseline }: ExportsProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure } = useAction();
  const ids = runs.map(({ id }) => id);
  const forms = [
    ["spreadsheet", trans.__("CSV")],
    ["html", trans.__("Report (HTML)")],
    ["pdf", trans.__("Report (PDF)")],
  ] as const;
  return (
    <div>
      <div className="jp-Assay-bar jp-AssayCompare-exports">
        <SelectField
          label={trans.__("Baseline")}
          name="baseline"
          value={baseline}
          options={runs.map((run, i) => ({ value: run.id, label: shortName(run.name, i) }))}
          onChange={onBaseline}
        />
        <span className="jp-Assay-spring" />
        {forms.map(([format, label]) => (
          <button
            key={format}
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => act(() => routes.exportComparison(api, ids, baseline, format))}
          >
            {label}
          </button>
        ))}
      </div>
      {left_out.length > 0 && <p className="jp-Assay-faint">{trans.__("Left out: %1", left_out.join(", "))}</p>}
      <Failure error={failure} />
    </div>
  );
}
