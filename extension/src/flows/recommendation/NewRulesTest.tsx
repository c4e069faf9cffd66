import type { AbTest, AbTestRequest, ModelVersion } from "assay-lab/contract";
import React, { useState } from "react";
import { abRoutes } from "../../ab/ab-routes";
import { ShareField, TestName } from "../../ab/TestFields";
import { SelectField } from "../../elements/Field";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { usePanel } from "../../panel";
import { actionWords, recommenderWord } from "./names";

interface NewRulesTestProps {
  /** Registered recommenders, two at least. */
  versions: readonly ModelVersion[];
  isOpen: boolean;
  onMade(test: AbTest): void;
}

/** The form of a test of a recommender against rules; both are judged by what people click and book. */
export function NewRulesTest({ versions, isOpen, onMade }: NewRulesTestProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure, busy, forget } = useAction();
  const [name, setName] = useState("");
  const [rules, setRules] = useState(() => (versions.find(isRules) ?? versions[1]!).model_id);
  const [tried, setTried] = useState(() => (versions.find((each) => !isRules(each)) ?? versions[0]!).model_id);
  const [share, setShare] = useState(50);
  const [judgedBy, setJudgedBy] = useState("clicked");
  const isWhole = name.trim() !== "" && rules !== tried && share > 0 && share < 100;
  const words = actionWords(trans);
  const options = versions.map((each) => ({
    value: each.model_id,
    label: `${each.name}@${each.version} · ${recommenderWord(trans, each.algorithm)}`,
  }));
  const make = () => {
    const metrics = judgedBy === "booked" ? ["booked", "clicked"] : ["clicked", "booked"];
    const body: AbTestRequest = {
      test_name: name.trim(),
      model_a_id: rules,
      model_b_id: tried,
      split_ratio: share / 100,
      metrics: metrics.map((metric) => ({ name: metric })),
    };
    return abRoutes.create(api, body);
  };
  return (
    <details open={isOpen}>
      <summary>{trans.__("New test against rules")}</summary>
      <form
        aria-label={trans.__("New test against rules")}
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) void act(make, onMade);
        }}
        onChange={forget}
      >
        <div className="jp-Assay-fields">
          <TestName value={name} hint={trans.__("Programs ask for recommendations by it.")} onChange={setName} />
          <SelectField label={trans.__("A: the rules")} name="rules" value={rules} options={options} onChange={setRules} />
          <SelectField label={trans.__("B: is tried")} name="tried" value={tried} options={options} onChange={setTried} />
          <ShareField value={share} onChange={setShare} />
          <SelectField
            label={trans.__("Judged by")}
            name="judged_by"
            value={judgedBy}
            options={[
              { value: "clicked", label: words.clicked },
              { value: "booked", label: words.booked },
            ]}
            onChange={setJudgedBy}
          />
        </div>
        <Failure error={failure} />
        <div className="jp-Assay-bar">
          <button type="submit" name="start_test" className="jp-mod-styled jp-mod-accept" disabled={busy || !isWhole}>
            {trans.__("Start the test")}
          </button>
          {rules === tried && <span className="jp-Assay-faint">{trans.__("Choose two different recommenders.")}</span>}
        </div>
      </form>
    </details>
  );
}

function isRules({ algorithm }: ModelVersion): boolean {
  return algorithm.endsWith("popularity");
}
