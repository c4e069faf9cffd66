import React from "react";
import { Field } from "../elements/Field";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
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
  const { act, failure: unwritten } = useAction();
  const write = () => act(async () => writeCell(cell()));
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
      <State of={validation} rows={0}>
        {({ problems }) => <Problems problems={problems} />}
      </State>
      <Failure error={failure ?? unwritten} />
      <div className="jp-Assay-bar">
        <button type="submit" name="start" className="jp-mod-styled jp-mod-accept" disabled={!ready || starting}>
          {starting ? trans.__("Starting…") : trans.__("Run as job")}
        </button>
        <button type="button" name="write_cell" className="jp-mod-styled jp-mod-minimal" disabled={!ready} onClick={write}>
          {trans.__("Insert as cell")}
        </button>
      </div>
    </section>
  );
}
