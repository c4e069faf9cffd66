import type { ModelVersion } from "assay-lab/contract";
import React, { useState } from "react";
import { Field } from "../elements/Field";
import { Failure } from "../elements/states";
import type { Features } from "../model-routes";
import { usePanel } from "../panel";
import { readPasted } from "./paste";

interface PasteFormProps {
  version: ModelVersion;
  onAsk(rows: readonly Features[]): void;
}

/** Takes rows as they come from a spreadsheet. */
export function PasteForm({ version, onAsk }: PasteFormProps): React.JSX.Element {
  const { trans } = usePanel();
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const names = version.signature.columns.map(({ name }) => name);
  const ask = (event: React.FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      onAsk(readPasted(text).rows);
    } catch (caught) {
      setError(new Error(trans.__("The table %1.", (caught as Error).message)));
    }
  };
  return (
    <form onSubmit={ask}>
      <Field
        label={trans.__("Rows, below a line with the columns' names")}
        hint={trans.__("Tabs, semicolons or commas between the cells.")}
      >
        {(id) => (
          <textarea
            id={id}
            name="rows"
            className="jp-mod-styled jp-AssayTry-paste"
            rows={8}
            spellCheck={false}
            placeholder={`${names.join("\t")}\n…`}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      <Failure error={error} />
      <div className="jp-Assay-bar">
        <button type="submit" className="jp-mod-styled jp-mod-accept" disabled={text.trim() === ""}>
          {trans.__("Predict")}
        </button>
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => setText(`${names.join("\t")}\n`)}>
          {trans.__("Write the columns' names")}
        </button>
      </div>
    </form>
  );
}
