import type { ModelVersion } from "assay-lab/contract";
import React, { useMemo, useState } from "react";
import { datasetRoutes } from "../dataset-routes";
import { short } from "../elements/Bars";
import { Field, Select } from "../elements/Field";
import { useLoaded } from "../elements/use-loaded";
import type { Features } from "../model-routes";
import { usePanel } from "../panel";
import { cellOf, type InputColumn, inputColumns, isOutside } from "./columns";

interface RowFormProps {
  version: ModelVersion;
  onAsk(features: Features): void;
}

/** A field for each column of the signature: levels as choices, numbers with the range that the dataset holds. */
export function RowForm({ version, onAsk }: RowFormProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  // without its dataset the form only says less
  const profile = useLoaded(version.dataset, () => datasetRoutes.profile(api, version.dataset!));
  const columns = useMemo(() => inputColumns(version, profile.data), [version, profile.data]);
  const ask = (event: React.FormEvent) => {
    event.preventDefault();
    onAsk(Object.fromEntries(columns.map(({ name, kind }) => [name, cellOf(texts[name] ?? "", kind)])));
  };
  return (
    <form onSubmit={ask}>
      <div className="jp-Assay-fields">
        {columns.map((column) => (
          <InputField
            key={column.name}
            column={column}
            text={texts[column.name] ?? ""}
            onChange={(text) => setTexts((old) => ({ ...old, [column.name]: text }))}
          />
        ))}
      </div>
      <div className="jp-Assay-bar">
        <button type="submit" className="jp-mod-styled jp-mod-accept">
          {trans.__("Predict")}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => setTexts(Object.fromEntries(columns.map(({ name, typical }) => [name, typical])))}
        >
          {trans.__("Fill in a typical row")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => setTexts({})}>
          {trans.__("Clear")}
        </button>
      </div>
    </form>
  );
}

interface InputFieldProps {
  column: InputColumn;
  text: string;
  onChange(text: string): void;
}

function InputField({ column, text, onChange }: InputFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  const { name, kind, options, range } = column;
  const between = range ? `${short(range.min)} … ${short(range.max)}` : "";
  const hint = isOutside(text, column) ? trans.__("the training data holds %1", between) : undefined;
  return (
    <Field label={name} hint={hint}>
      {(id) =>
        options ? (
          <Select
            id={id}
            name={name}
            value={text}
            none={trans.__("missing")}
            options={options.map((level) => ({ value: level, label: level }))}
            onChange={onChange}
          />
        ) : (
          <input
            id={id}
            name={name}
            className="jp-mod-styled"
            type={kind === "number" ? "number" : "text"}
            step="any"
            value={text}
            placeholder={between === "" ? trans.__("missing") : trans.__("missing; %1", between)}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}
