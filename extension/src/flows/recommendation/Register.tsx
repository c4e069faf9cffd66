import type { TrainedRecommender } from "assay-lab/contract";
import React from "react";
import { askForm } from "../../elements/ask-form";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { commandIds } from "../../ids";
import { modelRoutes } from "../../model-routes";
import { usePanel } from "../../panel";
import { versionFields, versionIn } from "../../run/deploy";

interface RegisterProps {
  recommender: TrainedRecommender;
  title: string;
  onChanged(): void;
}

/** Puts a recommender into the registry as a version of a model, or opens the version that it is. */
export function Register({ recommender, title, onChanged }: RegisterProps): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { act, failure, busy } = useAction(onChanged);
  const { model, run_id: run, algorithm } = recommender;
  const suggested = algorithm.endsWith("popularity") ? "rules" : "recommendations";
  const register = async () => {
    if (run === null) return; // nothing is known of its training: the button is disabled
    const form = await askForm(trans, {
      title: trans.__("Register %1", title),
      accept: trans.__("Register"),
      fields: versionFields(trans, suggested),
    });
    if (!form) return;
    await modelRoutes.deploy(api, { experiment_id: run, ...versionIn(form) });
  };
  if (model)
    return (
      <button
        type="button"
        className="jp-Assay-link"
        onClick={() => void commands.execute(commandIds.model, { name: model.slice(0, model.lastIndexOf("@")) })}
      >
        {model}
      </button>
    );
  return (
    <>
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        aria-label={trans.__("Register %1", title)}
        disabled={busy || run === null}
        onClick={() => void act(register)}
      >
        {trans.__("Register…")}
      </button>
      <Failure error={failure} />
    </>
  );
}
