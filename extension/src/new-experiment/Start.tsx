import React, { useState } from "react";
import { Field } from "../elements/Field";
import { Failure } from "../elements/states";
import { usePanel } from "../panel";
import { Problems } from "./Problems";
import type { Draft } from "./use-draft";
import type { useValidation } from "./use-validation";

interface StartProps {
  draft: Draft;
  change(part: Partial<Draft>): void;
  validation: ReturnType<typeof useValidation>;
  /** What the service refused, where it stands at no field. */
  failure: unknown;
  ready: boolean;
  starting: boolean;
  /** The cell that does what the form says. */
  cell(): string;
}

/** Names, what stands against it, and the buttons that start it or write its cell. */
export function Start({ draft, change, validation, failure, ready, starting, cell }: StartProps): React.JSX.Element {
  const { trans, writeCell } = usePanel();
  const [told, setTold] = useState("");
  const verbs = {
    train: trans.__("Start training"),
    search: trans.__("Start search"),
    compare: trans.__("Start comparison"),
  };
  const write = () =>
    void writeCell(cell()).then((place) =>
      setTold(place === "notebook" ? trans.__("The cell is in the notebook.") : trans.__("The cell is in the clipboard.")),
    );
  const text = (name: "experiment" | "runName", label: string, placeholder?: string) => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          name={name === "runName" ? "run_name" : name}
          className="jp-mod-styled"
          required={name === "experiment"}
          maxLength={200}
          placeholder={placeholder}
          value={draft[name]}
          onChange={({ target }) => change({ [name]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <section aria-label={trans.__("Start")}>
      <h2>{trans.__("Start")}</h2>
      <div className="jp-Assay-fields">
        {text("experiment", trans.__("Experiment"))}
        {text(
          "runName",
          trans.__("Run name"),
          draft.kind === "compare" ? trans.__("made from the target") : trans.__("made from the algorithm"),
        )}
      </div>
      {validation.error !== null && <Failure error={validation.error} onRetry={validation.reload} />}
      {validation.data && <Problems problems={validation.data.problems} />}
      {failure !== null && <Failure error={failure} />}
      <div className="jp-Assay-bar">
        <button type="submit" name="start" className="jp-mod-styled jp-mod-accept" disabled={!ready || starting}>
          {starting ? trans.__("Starting…") : verbs[draft.kind]}
        </button>
        <button type="button" name="write_cell" className="jp-mod-styled jp-mod-minimal" disabled={!ready} onClick={write}>
          {trans.__("Write as cell")}
        </button>
        <span role="status">{told}</span>
      </div>
    </section>
  );
}
