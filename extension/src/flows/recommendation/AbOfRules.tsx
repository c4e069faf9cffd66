import type { AbTest, ModelVersion } from "assay-lab/contract";
import React, { useState } from "react";
import { AbTestResult } from "../../ab/Panel";
import { useAbResult, useAbTests } from "../../ab/use-ab-tests";
import { SelectField } from "../../elements/Field";
import { Empty, State } from "../../elements/states";
import { usePanel } from "../../panel";
import { wordOf } from "../../words";
import { NewRulesTest } from "./NewRulesTest";
import { useRecommenderVersions } from "./use-recommendations";

/** A recommender tried against the application's rules on a share of the people: made here, its result live, stopped here. */
export function AbOfRules({ onTrain }: { onTrain(): void }): React.JSX.Element {
  const { trans } = usePanel();
  const versions = useRecommenderVersions();
  const none = (
    <Empty
      title={trans.__("Two registered recommenders are needed.")}
      action={{ label: trans.__("Register recommenders"), run: onTrain }}
    >
      <p>{trans.__("One of rules, as popularity in the segment, and one that is tried. Train and register them first.")}</p>
    </Empty>
  );
  return (
    <State of={versions} rows={5} empty={(all) => all.length < 2 && none}>
      {(all) => <OfVersions versions={all} />}
    </State>
  );
}

function OfVersions({ versions }: { versions: readonly ModelVersion[] }): React.JSX.Element {
  const { trans } = usePanel();
  const tests = useAbTests(undefined);
  const [chosen, setChosen] = useState("");
  const names = new Set(versions.map(({ name }) => name));
  const isOfRecommenders = ({ model_a, model_b }: AbTest) =>
    [model_a, model_b].every((cited) => names.has(cited.slice(0, cited.lastIndexOf("@"))));
  return (
    <div className="jp-AssayRecommendations-ab">
      <State of={tests} rows={4}>
        {(all) => {
          const known = all.filter(isOfRecommenders);
          const shown = known.find(({ id }) => id === chosen) ?? known[0];
          return (
            <>
              <NewRulesTest
                versions={versions}
                isOpen={known.length === 0}
                onMade={(test) => {
                  setChosen(test.id);
                  tests.reload();
                }}
              />
              {shown && (
                <section aria-label={trans.__("Tests")} className="jp-AssayRecommendations-result">
                  <SelectField
                    label={trans.__("Test")}
                    name="test"
                    value={shown.id}
                    options={known.map(({ id, test_name, test_status }) => ({
                      value: id,
                      label: `${test_name} (${wordOf(trans, test_status)})`,
                    }))}
                    onChange={setChosen}
                  />
                  <Result key={shown.id} id={shown.id} onChanged={tests.reload} />
                </section>
              )}
            </>
          );
        }}
      </State>
    </div>
  );
}

function Result({ id, onChanged }: { id: string; onChanged(): void }): React.JSX.Element {
  const result = useAbResult(id);
  const changed = () => {
    result.reload();
    onChanged();
  };
  return <AbTestResult result={result} onChanged={changed} />;
}
