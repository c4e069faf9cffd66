import React from "react";
import { Empty, State } from "../../elements/states";
import { usePanel } from "../../panel";
import { useKeptText } from "../../use-kept";
import { draftOf, type EtlDraft, firstEtlDraft, versionsOf } from "./etl-draft";
import { settingIn } from "./mapping";
import { RunCard } from "./RunCard";
import { isOpen, type RunOfEtl, useEtlRuns } from "./use-recommendations";

interface VersionsProps {
  /** Opens the form of a new version with this in it. */
  onMake(draft: EtlDraft): void;
  onTrain(): void;
}

/** Versions of the dataset and the runs that make them, newest first; one is opened with all that is known of it. */
export function Versions({ onMake, onTrain }: VersionsProps): React.JSX.Element {
  const { trans } = usePanel();
  const runs = useEtlRuns();
  const [chosen, setChosen] = useKeptText("run", "");
  const none = (
    <Empty
      title={trans.__("No dataset version yet.")}
      action={{ label: trans.__("Make the first version"), run: () => onMake(firstEtlDraft) }}
    >
      <p>{trans.__("From an application's PostgreSQL, or from the travel application that ships with the flow.")}</p>
    </Empty>
  );
  return (
    <State of={runs} rows={6} empty={(all) => all.length === 0 && none}>
      {(all) => {
        const shown = chosen || usuallyOpen(all);
        const again = (run: RunOfEtl) => {
          const setting = run.error === null ? null : settingIn(run.error);
          const refused = setting === null ? null : { setting, message: run.error! };
          onMake(draftOf(run.settings, refused, versionsOf(all)));
        };
        return (
          <>
            <p className="jp-Assay-faint">
              {trans.__("A version is never overwritten: a refresh makes 1.1 behind 1.0, another schema or window 2.0.")}
            </p>
            <ul className="jp-AssayRecommendations-cards" aria-label={trans.__("Versions of the dataset")}>
              {all.map((run) => (
                <RunCard
                  key={run.etl_run_id}
                  run={run}
                  isShown={run.etl_run_id === shown}
                  onShow={() => setChosen(run.etl_run_id === shown ? "none" : run.etl_run_id)}
                  onChanged={runs.reload}
                  onAgain={() => again(run)}
                  onTrain={onTrain}
                />
              ))}
            </ul>
          </>
        );
      }}
    </State>
  );
}

/** What runs, else the newest. */
function usuallyOpen(runs: readonly RunOfEtl[]): string {
  return (runs.find(isOpen) ?? runs[0])!.etl_run_id;
}
