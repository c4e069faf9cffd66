import type { AuditEntry } from "assay-lab/contract";
import React, { useState } from "react";
import { formatInstant, formatValue } from "../elements/format";
import { Empty, State } from "../elements/states";
import { useEvents, useSoon } from "../elements/use-events";
import { useLoaded } from "../elements/use-loaded";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { everyPage } from "../routes";

const linesAtFirst = 100;
const linesMost = 5000;

/** The audit trail of a model: who did what, when and why, newest first. */
export function History({ name }: { name: string }): React.JSX.Element {
  const { api, trans } = usePanel();
  const [most, setMost] = useState(linesAtFirst);
  const lines = useLoaded(`${name} ${most}`, () => everyPage((cursor) => modelRoutes.audit(api, name, cursor), most));
  const soon = useSoon(lines.reload, 300);
  useEvents((event) => event.kind === "model" && soon(), lines.reload);
  return (
    <section aria-label={trans.__("History")}>
      <State of={lines} rows={8} empty={(all) => all.length === 0 && <Empty title={trans.__("Nothing has happened yet.")} />}>
        {(all) => (
          <ol className="jp-AssayModel-history">
            {all.map((entry) => (
              <Line key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </State>
      {lines.data && lines.data.length >= most && most < linesMost && (
        <button type="button" className="jp-mod-styled jp-mod-minimal" onClick={() => setMost(linesMost)}>
          {trans.__("Show all")}
        </button>
      )}
    </section>
  );
}

function Line({ entry }: { entry: AuditEntry }): React.JSX.Element {
  const { trans } = usePanel();
  const { action, version, from_status, to_status, actor, reason, detail, at } = entry;
  const words: Readonly<Record<string, string>> = {
    deploy: trans.__("deployed"),
    promote: trans.__("promoted"),
    demote: trans.__("demoted"),
    archive: trans.__("archived"),
    rollback: trans.__("rolled back to"),
    move: trans.__("moved"),
    alias: trans.__("alias"),
    settings: trans.__("settings changed"),
    delete: trans.__("deleted"),
    broken: trans.__("its file is broken"),
    ab_test: trans.__("A/B test"),
    alert: trans.__("alert"),
  };
  const verb = typeof detail["verb"] === "string" ? detail["verb"] : action;
  const { verb: _, ...rest } = detail;
  return (
    <li data-action={action}>
      <time dateTime={at} className="jp-Assay-faint">
        {formatInstant(at)}
      </time>
      <div>
        <p>
          <strong>{words[verb] ?? action}</strong> {version}
          {to_status && (
            <span className="jp-AssayModel-moved">
              {from_status && <span>{from_status} → </span>}
              {to_status}
            </span>
          )}
          {actor && <span className="jp-Assay-faint"> {trans.__("by %1", actor)}</span>}
        </p>
        {reason !== "" && reason !== "deployed" && <p className="jp-AssayModel-reason">{reason}</p>}
        <Facts detail={rest} />
      </div>
    </li>
  );
}

/** What a line holds beside its words, nested names joined. */
function Facts({ detail }: { detail: Readonly<Record<string, unknown>> }): React.JSX.Element | null {
  const facts = factsOf(detail, "");
  return facts.length === 0 ? null : <p className="jp-Assay-faint jp-AssayModel-facts">{facts.join(" · ")}</p>;
}

function factsOf(detail: object, before: string): string[] {
  return Object.entries(detail).flatMap(([key, value]: [string, unknown]) => {
    const name = `${before}${key.replaceAll("_", " ")}`;
    if (value === null || value === undefined) return before === "" ? [] : [`${name} –`];
    return typeof value === "object" && !Array.isArray(value) ? factsOf(value, `${name} `) : [`${name} ${formatValue(value)}`];
  });
}
