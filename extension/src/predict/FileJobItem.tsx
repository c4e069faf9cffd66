import { Dialog, showDialog } from "@jupyterlab/apputils";
import type { PredictionFile } from "assay-lab/contract";
import React from "react";
import { formatBytes, formatInstant } from "../elements/format";
import { Failure } from "../elements/states";
import { Progress, Status } from "../elements/status";
import { useAction } from "../elements/use-action";
import { jobRoutes } from "../job-routes";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import type { FileJob } from "./use-file-jobs";

/** One predicted file: how far it is, what came of it, where its answers are. */
export function FileJobItem({ file, onChanged }: { file: FileJob; onChanged(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { id, name, job, result, kept } = file;
  const { act, failure } = useAction(onChanged);
  const status = job?.job_status ?? "completed";
  const isOpen = status === "queued" || status === "running";
  const remove = async ({ file_name }: PredictionFile) => {
    const { button } = await showDialog({
      title: trans.__("Delete %1?", file_name),
      body: trans.__("The predictions go for good; the model stays, and they can be made again from the rows."),
      buttons: [Dialog.cancelButton({ label: trans.__("Cancel") }), Dialog.warnButton({ label: trans.__("Delete") })],
    });
    if (button.accept) await act(() => modelRoutes.deleteFile(api, id));
  };
  return (
    <li data-file={name} data-status={status}>
      <div className="jp-Assay-bar">
        <strong>{name}</strong>
        <Status status={status} />
        <span className="jp-Assay-spring" />
        <div className="jp-Assay-actions">
          {kept && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Download %1", name)}
              onClick={() => act(() => modelRoutes.downloadAnswers(api, id, kept.file_name))}
            >
              {trans.__("Download")}
            </button>
          )}
          {kept && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Delete %1", name)}
              onClick={() => void remove(kept)}
            >
              {trans.__("Delete")}
            </button>
          )}
          {isOpen && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={trans.__("Cancel %1", name)}
              onClick={() => act(() => jobRoutes.cancel(api, id))}
            >
              {trans.__("Cancel")}
            </button>
          )}
        </div>
      </div>
      <p className="jp-Assay-faint">
        {[
          formatInstant(file.createdAt),
          ...(kept
            ? [
                kept.model,
                trans.__("%1 rows", kept.rows.toLocaleString()),
                formatBytes(kept.size_bytes),
                trans.__("kept until %1", formatInstant(kept.goes_at)),
              ]
            : []),
          ...Object.entries(result?.sources ?? {}).flatMap(([source, rows]) =>
            source === "advanced" ? [] : [trans.__("%1 rows answered as %2", rows, source)],
          ),
        ].join(" · ")}
      </p>
      {isOpen && (
        <Progress step={job?.progress?.step ?? 0} steps={job?.progress?.steps ?? 0} label={trans.__("Progress of %1", name)} />
      )}
      <Failure error={failure} />
      {job?.error != null && <p className="jp-Assay-fieldError">{job.error}</p>}
      {result && result.bad_rows > 0 && (
        <details>
          <summary className="jp-Assay-warning">
            {trans._n("%1 row has no answer", "%1 rows have no answer", result.bad_rows)}
          </summary>
          <ul>
            {result.errors.map(({ line, detail }) => (
              <li key={line}>{trans.__("line %1: %2", line, detail)}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
