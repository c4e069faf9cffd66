import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { TranslationBundle } from "@jupyterlab/translation";
import React, { useState } from "react";
import { Field, Select } from "../../elements/Field";
import { FileDrop } from "../../elements/FileDrop";
import { formatCount, formatDay } from "../../elements/format";
import { sentenceText } from "../../elements/sentence-text";
import { Failure, State } from "../../elements/states";
import { Progress } from "../../elements/status";
import { useAction } from "../../elements/use-action";
import { usePanel } from "../../panel";
import { Aliases } from "./Aliases";
import { LogReport } from "./LogReport";
import { useLog } from "./use-workouts";
import { type LoadUnit, workoutRoutes } from "./workout-routes";

/** Takes a log, shows what became of each line, and what its exercises are called. */
export function Log({ onTraining }: { onTraining(): void }): React.JSX.Element {
  const { api, preferences, trans } = usePanel();
  const stored = useLog();
  const { act, failure, busy } = useAction(stored.reload);
  const [unit, setUnit] = useState<LoadUnit>(preferences.values.lifter.unit ?? "kg");
  const [replace, setReplace] = useState(false);
  const [sent, setSent] = useState(0);
  const [taken, setTaken] = useState<{ isTraining: boolean; reason: string | null } | null>(null);
  const take = (open: () => Promise<File>) => {
    setSent(0);
    setTaken(null);
    void act(
      async () => workoutRoutes.upload(api, await open(), { unit, replace }, setSent),
      ({ job_id, reason, reason_codes: codes }) => {
        setTaken({ isTraining: job_id !== null, reason: reason === null ? null : sentenceText(trans, codes, reason) });
        stored.reload();
      },
    );
  };
  const takeExample = async () => {
    // nobody wants made-up sessions among their own by mistake
    if (stored.data?.log === null || (await confirmExample(trans, replace))) take(() => workoutRoutes.example(api));
  };
  return (
    <div className="jp-AssayWorkouts-log">
      <FileDrop
        label={trans.__("Upload a log…")}
        hint={trans.__("or drop it here: Strong, Hevy, FitNotes, or JSON")}
        accept=".csv,.txt,.tsv,.json"
        disabled={busy}
        onFiles={([file]) => file && take(async () => file)}
      >
        {() => (
          <div className="jp-AssayWorkouts-taking">
            <Field label={trans.__("Weights without a unit are")}>
              {(id) => (
                <Select
                  id={id}
                  name="unit"
                  value={unit}
                  options={[
                    { value: "kg", label: trans.__("kilograms") },
                    { value: "lb", label: trans.__("pounds") },
                  ]}
                  onChange={(value) => setUnit(value as LoadUnit)}
                />
              )}
            </Field>
            <label className="jp-Assay-check">
              <input type="checkbox" name="replace" checked={replace} onChange={({ target }) => setReplace(target.checked)} />
              {trans.__("In place of the stored log; else its sessions come to it")}
            </label>
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              disabled={busy || stored.data === null}
              onClick={() => void takeExample()}
            >
              {trans.__("Take the example log")}
            </button>
          </div>
        )}
      </FileDrop>
      {busy && <Progress step={Math.round(100 * sent)} steps={sent < 1 ? 100 : 0} label={trans.__("Uploading")} />}
      <Failure error={failure} />
      {taken && (
        <p role="status" className="jp-Assay-notice">
          {taken.isTraining
            ? trans.__("The log is stored, and the ensemble is being trained on it.")
            : trans.__("The log is stored.")}{" "}
          {taken.reason !== null && <span className="jp-Assay-faint">{taken.reason}</span>}
          {taken.isTraining && (
            <button type="button" className="jp-Assay-link" onClick={onTraining}>
              {trans.__("Follow the training")}
            </button>
          )}
        </p>
      )}
      <State of={stored} rows={4} empty={({ log }) => log === null && <p>{trans.__("No log is stored yet.")}</p>}>
        {({ log }) =>
          log && (
            <>
              <section aria-label={trans.__("Stored log")}>
                <h2>{trans.__("Stored log")}</h2>
                <p>
                  {trans.__(
                    "%1 sets of %2 sessions, %3 exercises, %4 to %5",
                    formatCount(log.sets),
                    formatCount(log.sessions),
                    formatCount(log.exercises),
                    log.from === null ? "–" : formatDay(log.from),
                    log.to === null ? "–" : formatDay(log.to),
                  )}{" "}
                  <span className="jp-Assay-faint">{log.dataset}</span>
                </p>
              </section>
              {log.report && <LogReport report={log.report} />}
              <Aliases />
            </>
          )
        }
      </State>
    </div>
  );
}

async function confirmExample(trans: TranslationBundle, replace: boolean): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__("Take the example log?"),
    body: replace
      ? trans.__("Made-up sessions take the place of the stored log, which stays as an older version of its dataset.")
      : trans.__("Made-up sessions come to the stored log."),
    buttons: [Dialog.cancelButton({ label: trans.__("Cancel") }), Dialog.warnButton({ label: trans.__("Take the example log") })],
  });
  return button.accept;
}
