import React from "react";
import { Failure, State } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { usePanel } from "../../panel";
import { type EtlDraft, problemsOf, requestOf, suggestedVersions, versionsOf } from "./etl-draft";
import { MadeSource } from "./MadeSource";
import { MappingFields } from "./MappingFields";
import { Refresh } from "./Refresh";
import { RunFields } from "./RunFields";
import { recommendationRoutes } from "./recommendation-routes";
import { useEtlRuns } from "./use-recommendations";

interface NewVersionProps {
  draft: EtlDraft;
  onChange(draft: EtlDraft): void;
  onStarted(): void;
}

/** Where the rows come from, what is made of them, and the start of the run; or a schedule that refreshes it every week. */
export function NewVersion({ draft, onChange, onStarted }: NewVersionProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const runs = useEtlRuns();
  const { act, failure, busy, forget } = useAction();
  const change = (changes: Partial<EtlDraft>) => {
    forget();
    onChange({ ...draft, ...changes });
  };
  return (
    <div className="jp-AssayRecommendations-make">
      <Source draft={draft} onChange={change} />
      <State of={runs} rows={6}>
        {(all) => {
          const versions = versionsOf(all);
          const problems = problemsOf(draft, versions);
          const request = requestOf(draft, versions);
          return (
            <>
              <form
                aria-label={trans.__("New version")}
                onSubmit={(event) => {
                  event.preventDefault();
                  if (problems.length > 0) return;
                  void act(
                    () => recommendationRoutes.start(api, request),
                    () => {
                      onChange({ ...draft, version: "" });
                      onStarted();
                    },
                  );
                }}
              >
                {draft.source === "own" && (
                  <MappingFields
                    mapping={draft.mapping}
                    refused={draft.refused}
                    onChange={(mapping) => change({ mapping, refused: null })}
                  />
                )}
                <RunFields draft={draft} suggested={suggestedVersions(versions)} versions={versions} onChange={change} />
                <Failure error={failure} />
                <div className="jp-Assay-bar">
                  <button
                    type="submit"
                    name="start"
                    className="jp-mod-styled jp-mod-accept"
                    disabled={busy || problems.length > 0}
                  >
                    {trans.__("Make version %1", request.version)}
                  </button>
                  <span className="jp-Assay-faint">
                    {problems.length === 0
                      ? trans.__("A version is never overwritten.")
                      : trans.__("Still to be set: %1", problems.slice(0, 4).join(", "))}
                  </span>
                </div>
              </form>
              <Refresh request={request} isWhole={problems.every((each) => each === "version")} />
            </>
          );
        }}
      </State>
    </div>
  );
}

function Source({ draft, onChange }: { draft: EtlDraft; onChange(changes: Partial<EtlDraft>): void }): React.JSX.Element {
  const { trans } = usePanel();
  const sources = {
    travel: trans.__("The travel application that ships with the flow"),
    own: trans.__("Tables of my own application"),
  };
  return (
    <section aria-label={trans.__("Source")}>
      <h2>{trans.__("Source")}</h2>
      <div role="radiogroup" aria-label={trans.__("Source")} className="jp-AssayRecommendations-choices">
        {(["travel", "own"] as const).map((source) => (
          <label key={source} className="jp-Assay-check">
            <input
              type="radio"
              name="source"
              value={source}
              checked={draft.source === source}
              onChange={() => onChange({ source, refused: null })}
            />
            {sources[source]}
          </label>
        ))}
      </div>
      {draft.source === "travel" && <MadeSource />}
    </section>
  );
}
