import React, { useState } from "react";
import { sentenceText } from "../../elements/sentence-text";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { commandIds } from "../../ids";
import { JobList } from "../../jobs/JobList";
import { usePanel } from "../../panel";
import { Retraining } from "./Retraining";
import { workoutRoutes } from "./workout-routes";

/** Trainings that are listed. */
const listedMost = 3;

/** Trains the ensemble anew as a job, now or every week, and shows the newest trainings with their progress. */
export function Training({ userId }: { userId: string | undefined }): React.JSX.Element {
  const { api, commands, trans } = usePanel();
  const { act, failure, busy } = useAction();
  const [reason, setReason] = useState<string | null>(null);
  const train = () =>
    void act(
      () => workoutRoutes.train(api),
      ({ reason, reason_codes: codes }) => setReason(reason === null ? null : sentenceText(trans, codes, reason)),
    );
  return (
    <section aria-label={trans.__("Training")} className="jp-AssayWorkouts-training">
      <h2>{trans.__("Training")}</h2>
      <div className="jp-Assay-bar">
        <button type="button" className="jp-mod-styled jp-mod-accept" disabled={busy} onClick={train}>
          {trans.__("Train the ensemble")}
        </button>
        <span className="jp-Assay-faint">{trans.__("On the whole stored log, as a job.")}</span>
      </div>
      {userId !== undefined && <Retraining userId={userId} />}
      {reason !== null && (
        <p role="status" className="jp-Assay-notice">
          {trans.__("No training was queued: %1", reason)}
        </p>
      )}
      <Failure error={failure} />
      <JobList
        query={{ kind: "workout" }}
        most={listedMost}
        empty={<p className="jp-Assay-faint">{trans.__("No training yet.")}</p>}
        onOpen={({ run_id, name }) => void commands.execute(commandIds.run, { id: run_id, name })}
      />
    </section>
  );
}
