import React from "react";
import { commandIds } from "../../ids";
import { usePanel } from "../../panel";

/** Opens an ensemble of the registry, cited as name@version. */
export function ModelLink({ model }: { model: string }): React.JSX.Element {
  const { commands, trans } = usePanel();
  const [name, version] = model.split("@");
  return (
    <button
      type="button"
      className="jp-Assay-link"
      title={model}
      onClick={() => void commands.execute(commandIds.model, { name, version })}
    >
      {trans.__("Ensemble %1", version)}
    </button>
  );
}
