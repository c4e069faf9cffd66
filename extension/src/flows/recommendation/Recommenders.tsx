import React from "react";
import { Empty, State } from "../../elements/states";
import { JobList } from "../../jobs/JobList";
import { usePanel } from "../../panel";
import { Comparison } from "./Comparison";
import { JudgedModels } from "./JudgedModels";
import { groupsOf } from "./judged";
import { TrainForm } from "./TrainForm";
import { useEtlRuns, useRecommenders } from "./use-recommendations";

/** Trainings that are listed. */
const listedMost = 4;

interface RecommendersProps {
  /** Opens the questions to one of them. */
  onAsk(recommender: string): void;
  onMake(): void;
}

/** Trains recommenders on a version of the dataset, several at once, and shows them side by side as they were judged. */
export function Recommenders({ onAsk, onMake }: RecommendersProps): React.JSX.Element {
  const { trans } = usePanel();
  const runs = useEtlRuns();
  const recommenders = useRecommenders();
  const noVersion = (
    <Empty title={trans.__("Nothing to train on yet.")} action={{ label: trans.__("Make a version"), run: onMake }}>
      <p>{trans.__("Recommenders learn from a version of the dataset.")}</p>
    </Empty>
  );
  return (
    <div className="jp-AssayRecommendations-models">
      <section aria-label={trans.__("Train")}>
        <h2>{trans.__("Train")}</h2>
        <State of={runs} rows={4}>
          {(all) => {
            const versions = all.filter(({ train_dataset }) => train_dataset !== null);
            return versions.length === 0 ? noVersion : <TrainForm versions={versions} onStarted={recommenders.reload} />;
          }}
        </State>
        <JobList query={{ kind: "recommend" }} most={listedMost} empty={null} />
      </section>
      <section aria-label={trans.__("Side by side")}>
        <h2>{trans.__("Side by side")}</h2>
        <State
          of={recommenders}
          rows={6}
          empty={(all) => all.length === 0 && <p className="jp-Assay-faint">{trans.__("No recommender was trained yet.")}</p>}
        >
          {(all) => (
            <>
              {groupsOf(all).map((group) => (
                <JudgedModels key={group.key} group={group} onAsk={onAsk} onChanged={recommenders.reload} />
              ))}
            </>
          )}
        </State>
      </section>
      <Comparison />
    </div>
  );
}
