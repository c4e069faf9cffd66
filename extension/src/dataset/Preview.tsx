import type { ColumnProfile, StepPreview } from "assay-lab/contract";
import React from "react";
import { Bars, short } from "../elements/Bars";
import { State } from "../elements/states";
import type { Loaded } from "../elements/use-loaded";
import { usePanel } from "../panel";
import { wordOf } from "../words";

/** What a step does: rows touched, changed columns before and after, the first rows. */
export function Preview({ preview }: { preview: Loaded<StepPreview> }): React.JSX.Element {
  return (
    <State of={preview} rows={3}>
      {(data) => <Changes preview={data} loading={preview.loading} />}
    </State>
  );
}

function Changes({ preview: data, loading }: { preview: StepPreview; loading: boolean }): React.JSX.Element {
  const { trans } = usePanel();
  const [before, after] = data.rows;
  return (
    <div className="jp-AssayDataset-preview" aria-busy={loading} data-touched={data.rows_touched}>
      <p role="status">
        {trans.__("%1 of %2 rows touched", data.rows_touched, before)}
        {after !== before && `, ${trans.__("%1 left", after)}`}
        {` · ${trans._n("%1 column changed", "%1 columns changed", data.changed_columns)}`}
      </p>
      {data.columns.length > 0 && (
        <ul className="jp-AssayDataset-changes">
          {data.columns.map((column) => (
            <li key={column.name} data-column={column.name}>
              <strong title={column.name}>{column.name}</strong>
              <Side column={column.before} label={trans.__("%1 before", column.name)} />
              <span aria-hidden="true">→</span>
              <Side column={column.after} label={trans.__("%1 after", column.name)} />
            </li>
          ))}
        </ul>
      )}
      {data.examples.length > 0 && (
        <p className="jp-Assay-faint">{trans.__("Rows %1", listed(data.examples, data.rows_touched))}</p>
      )}
    </div>
  );
}

function listed(rows: readonly number[], of: number): string {
  return rows.join(", ") + (of > rows.length ? ", …" : "");
}

function Side({ column, label }: { column: ColumnProfile | null; label: string }): React.JSX.Element {
  const { trans } = usePanel();
  if (!column) return <span className="jp-Assay-faint">{trans.__("not there")}</span>;
  const { kind, missing, distinct, min, max } = column;
  return (
    <div>
      <Bars column={column} label={label} height={28} />
      <span className="jp-Assay-faint">
        {[
          wordOf(trans, kind),
          min === undefined ? trans.__("%1 different", distinct) : `${short(min)} … ${short(max)}`,
          ...(missing > 0 ? [trans.__("%1 missing", missing)] : []),
        ].join(" · ")}
      </span>
    </div>
  );
}
