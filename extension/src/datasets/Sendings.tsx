import React from "react";
import { Failure } from "../elements/states";
import { Progress } from "../elements/status";
import { usePanel } from "../panel";
import type { Uploads } from "./use-uploads";

/** Endings of files that can become datasets. */
export const uploadEndings = ".csv,.tsv,.txt,.data,.json,.ndjson,.jsonl,.arff,.xlsx,.xls,.parquet,.arrow,.feather";

/** The files on their way with their progress, and those that could not be read with the reason. */
export function Sendings({ uploads: { sendings, dismiss } }: { uploads: Uploads }): React.JSX.Element | null {
  const { trans } = usePanel();
  if (sendings.length === 0) return null;
  return (
    <ul className="jp-Assay-sendings" aria-label={trans.__("Uploads")}>
      {sendings.map(({ key, fileName, share, error }) => (
        <li key={key}>
          <div className="jp-Assay-bar">
            <span className="jp-Assay-sendingName">{fileName}</span>
            <span className="jp-Assay-spring" />
            {error === null ? (
              <span className="jp-Assay-faint">
                {share < 1 ? trans.__("sending, %1 %", Math.round(100 * share)) : trans.__("reading…")}
              </span>
            ) : (
              <button type="button" className="jp-Assay-link" onClick={() => dismiss(key)}>
                {trans.__("Dismiss")}
              </button>
            )}
          </div>
          {error === null ? (
            <Progress
              step={Math.round(100 * share)}
              steps={share < 1 ? 100 : 0}
              label={share < 1 ? trans.__("Sending %1", fileName) : trans.__("Reading %1", fileName)}
            />
          ) : (
            <Failure error={error} />
          )}
        </li>
      ))}
    </ul>
  );
}
