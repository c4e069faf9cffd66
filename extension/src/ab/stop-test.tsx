import type { TranslationBundle } from "@jupyterlab/translation";
import type { AbTest } from "assay-lab/contract";
import React from "react";
import type { Api } from "../api";
import { askForm, textOf } from "../elements/ask-form";
import { abRoutes } from "./ab-routes";

/** Asks who won and why, and stops the test. */
export async function stopTest(api: Api, trans: TranslationBundle, test: AbTest): Promise<void> {
  const form = await askForm(trans, {
    title: trans.__("Stop %1?", test.test_name),
    accept: trans.__("Stop the test"),
    fields: <StopFields trans={trans} test={test} />,
  });
  if (!form) return;
  const winner = textOf(form, "winner") === "b" ? "b" : "a";
  await abRoutes.stop(api, test.id, { winner, promote: form.has("promote"), reason: textOf(form, "reason") });
}

function StopFields({ trans, test }: { trans: TranslationBundle; test: AbTest }): React.JSX.Element {
  const arms = [
    { value: "a", label: trans.__("A, %1", test.model_a) },
    { value: "b", label: trans.__("B, %1", test.model_b) },
  ];
  return (
    <>
      <fieldset className="jp-AssayStop-winner">
        <legend>{trans.__("Who asks by the test's name is answered from now on by")}</legend>
        {arms.map(({ value, label }) => (
          <label key={value} className="jp-Assay-check">
            <input type="radio" name="winner" value={value} defaultChecked={value === "a"} />
            {label}
          </label>
        ))}
      </fieldset>
      <label className="jp-Assay-check">
        <input type="checkbox" name="promote" />
        {trans.__("Put it into production")}
      </label>
      <label>
        {trans.__("Reason (kept in the history)")}
        <textarea className="jp-mod-styled" name="reason" rows={2} maxLength={10_000} />
      </label>
    </>
  );
}
