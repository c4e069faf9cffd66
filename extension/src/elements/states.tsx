import React from "react";
import { ServiceError } from "../api";
import { usePanel } from "../panel";

/** Grey bars in place of content that is on its way. */
export function Loading({ rows = 4 }: { rows?: number }): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <div className="jp-Assay-loading" role="status" aria-label={trans.__("Loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} style={{ width: `${90 - ((i * 17) % 45)}%` }} />
      ))}
    </div>
  );
}

/** What to do where there is nothing yet. */
export function Empty({ title, children }: { title: string; children?: React.ReactNode }): React.JSX.Element {
  return (
    <div className="jp-Assay-empty">
      <p className="jp-Assay-emptyTitle">{title}</p>
      {children}
    </div>
  );
}

/** What went wrong, in the service's words, with its hint and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }): React.JSX.Element {
  const { trans } = usePanel();
  const away = error instanceof ServiceError && error.away;
  const problem = error instanceof ServiceError ? error.problem : null;
  return (
    <div className="jp-Assay-failure" role="alert">
      <p>{away ? trans.__("The service of Assay does not answer.") : message(error)}</p>
      {away && <p>{trans.__("It is started by the Jupyter server on demand; its log says more if this stays.")}</p>}
      {problem?.hint && <p>{problem.hint}</p>}
      {problem?.errors && problem.errors.length > 0 && (
        <ul>
          {problem.errors.slice(0, 20).map((each, i) => (
            <li key={i}>{each.field ? `${each.field}: ${each.detail}` : each.detail}</li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={onRetry}>
          {trans.__("Try again")}
        </button>
      )}
    </div>
  );
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
