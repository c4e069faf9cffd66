import React, { useState } from "react";
import { Tabs } from "../../elements/Tabs";
import { usePanel } from "../../panel";
import { useKeptText } from "../../use-kept";
import { AbOfRules } from "./AbOfRules";
import { Ask } from "./Ask";
import { type EtlDraft, firstEtlDraft } from "./etl-draft";
import { NewVersion } from "./NewVersion";
import { firstQuestion, type QuestionDraft } from "./question";
import { Recommenders } from "./Recommenders";
import { Versions } from "./Versions";

/** The recommendation flow: versions of the dataset, a new one, recommenders, what they say of somebody, and the A/B test against rules. */
export function RecommendationsPanel(): React.JSX.Element {
  const { trans } = usePanel();
  const [chosen, setChosen] = useKeptText("tab", "versions");
  const [recommender, setRecommender] = useKeptText("recommender", "");
  const [draft, setDraft] = useState<EtlDraft>(firstEtlDraft);
  const [question, setQuestion] = useState<QuestionDraft>(firstQuestion);
  const make = (given: EtlDraft) => {
    setDraft(given);
    setChosen("make");
  };
  const ask = (id: string) => {
    setRecommender(id);
    setChosen("ask");
  };
  return (
    <div className="jp-Assay-panel jp-mod-scroll jp-AssayRecommendations">
      <Tabs
        label={trans.__("Recommendations")}
        chosen={chosen}
        onChoose={setChosen}
        tabs={[
          {
            name: "versions",
            label: trans.__("Versions"),
            draw: () => <Versions onMake={make} onTrain={() => setChosen("recommenders")} />,
          },
          {
            name: "make",
            label: trans.__("New version"),
            draw: () => <NewVersion draft={draft} onChange={setDraft} onStarted={() => setChosen("versions")} />,
          },
          {
            name: "recommenders",
            label: trans.__("Recommenders"),
            draw: () => <Recommenders onAsk={ask} onMake={() => setChosen("make")} />,
          },
          {
            name: "ask",
            label: trans.__("Recommend"),
            draw: () => (
              <Ask
                recommender={recommender}
                draft={question}
                onChange={setQuestion}
                onChoose={setRecommender}
                onTrain={() => setChosen("recommenders")}
              />
            ),
          },
          {
            name: "ab",
            label: trans.__("A/B test"),
            draw: () => <AbOfRules onTrain={() => setChosen("recommenders")} />,
          },
        ]}
      />
    </div>
  );
}
