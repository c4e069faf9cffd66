import React, { useEffect, useState } from "react";
import { isAway, ServiceError } from "../api";
import { usePanel } from "../panel";
import type { Loaded } from "./use-loaded";

interface StateProps<T> {
  of: Pick<Loaded<T>, "data" | "error" | "loading" | "reload">;
  /** Grey bars while nothing is there yet. */
  rows?: number;
  /** What to do first, where there is nothing to draw. */
  empty?(data: T): React.ReactNode;
  children?(data: T): React.ReactNode;
}

/**
 * What is loaded, as it stands: on its way, refused with the reason, nothing there yet, or drawn. What was drawn stays while it is loaded anew
 * and when that fails. That the service is away is said once, by the panel's `Offline`.
 */
export function State<T>({ of, rows, empty, children }: StateProps<T>): React.JSX.Element {
  const { data, error, loading, reload } = of;
  const isRefused = error !== null && !isAway(error);
  return (
    <>
      {isRefused && <Failure error={error} onRetry={reload} retrying={loading} />}
      {data === null && !isRefused && (loading || error !== null) && <Loading {...(rows !== undefined && { rows })} />}
      {data !== null && (empty?.(data) || children?.(data))}
    </>
  );
}

/** What is quicker than this shows no bars: they would only flash. */
const lateMs = 150;

/** Grey bars in place of content that is on its way for longer than a moment. */
export function Loading({ rows = 4 }: { rows?: number }): React.JSX.Element {
  const { trans } = usePanel();
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), lateMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="jp-Assay-loading" role="status">
      {isLate && <span className="jp-Assay-hidden">{trans.__("Loading")}</span>}
      {isLate && Array.from({ length: rows }, (_, i) => <div key={i} style={{ width: `${90 - ((i * 17) % 45)}%` }} />)}
    </div>
  );
}

interface EmptyProps {
  title: string;
  /** The button that does what is to be done first. */
  action?: { label: string; run(): void };
  /** One line beside others of a list, as in the sidebar. */
  small?: boolean;
  children?: React.ReactNode;
}

/** What to do where there is nothing yet. */
export function Empty({ title, action, small = false, children }: EmptyProps): React.JSX.Element {
  return (
    <div className={`jp-Assay-empty${small ? " jp-mod-small" : ""}`}>
      <p className="jp-Assay-emptyTitle">{title}</p>
      {children}
      {action && (
        <button type="button" className={small ? "jp-Assay-link" : "jp-mod-styled jp-mod-minimal"} onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}

interface FailureProps {
  /** Nothing is drawn of null. */
  error: unknown;
  onRetry?: () => void;
  /** Whether it is tried again just now. */
  retrying?: boolean;
}

/** What went wrong, in the service's words, with its place, its hint and a way to try again. */
export function Failure({ error, onRetry, retrying = false }: FailureProps): React.JSX.Element | null {
  const { trans } = usePanel();
  if (error === null || error === undefined) return null;
  const { problem } = error instanceof ServiceError ? error : { problem: null };
  const state = isAway(error) ? "offline" : isForbidden(error) ? "forbidden" : "error";
  const places = problem?.errors?.slice(0, 20) ?? [];
  const message = error instanceof Error ? error.message : String(error);
  const field = problem?.field && !message.includes(problem.field) && places.length === 0 ? problem.field : null;
  return (
    <div className="jp-Assay-failure" data-state={state} role="alert">
      {state === "forbidden" && <strong>{trans.__("You may not do this here.")}</strong>}
      <p>
        {field && <code>{field}: </code>}
        {state === "offline" ? trans.__("The service of Assay does not answer. Do it again when it is back.") : message}
      </p>
      {problem?.hint && <p>{problem.hint}</p>}
      {places.length > 0 && (
        <ul>
          {places.map((each, i) => (
            <li key={i}>{each.field ? `${each.field}: ${each.detail}` : each.detail}</li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" className="jp-mod-styled jp-mod-minimal" disabled={retrying} onClick={onRetry}>
          {trans.__("Try again")}
        </button>
      )}
    </div>
  );
}

/** Says that the service is away: above everything that a panel drew, and only while it is. */
export function Offline(): React.JSX.Element | null {
  const { away, live, trans } = usePanel();
  if (!away) return null;
  return (
    <div className="jp-Assay-offline" role="status">
      <p>{trans.__("The service of Assay does not answer. What is shown stays, and goes on by itself when it is back.")}</p>
      <button type="button" className="jp-Assay-link" onClick={() => live.retry()}>
        {trans.__("Try now")}
      </button>
    </div>
  );
}

function isForbidden(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 403;
}
