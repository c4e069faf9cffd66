import type { AbTest, TrainedRecommender } from "assay-lab/contract";
import React, { useState } from "react";
import { useAbTests } from "../../ab/use-ab-tests";
import { SelectField } from "../../elements/Field";
import { formatInstant } from "../../elements/format";
import { Empty, State } from "../../elements/states";
import { useLoaded } from "../../elements/use-loaded";
import { usePanel } from "../../panel";
import { Answer } from "./Answer";
import { AskForm } from "./AskForm";
import { recommenderWord } from "./names";
import { ask, isWhole, type QuestionDraft, questionOf, testChoice } from "./question";
import type { TopQuestion } from "./recommendation-routes";
import { Similar } from "./Similar";
import { useRecommenders, useRecommenderVersions } from "./use-recommendations";

interface AskProps {
  /** Id of the recommender that is asked; empty: the newest. */
  recommender: string;
  /** What its form holds; whoever draws it keeps it. */
  draft: QuestionDraft;
  onChange(draft: QuestionDraft): void;
  onChoose(recommender: string): void;
  onTrain(): void;
}

/** The best items for somebody by a recommender or a running test, and what that person made of them; the items that are like one. */
export function Ask({ recommender, onTrain, ...form }: AskProps): React.JSX.Element {
  const { trans } = usePanel();
  const recommenders = useRecommenders();
  const none = (
    <Empty title={trans.__("No recommender was trained yet.")} action={{ label: trans.__("Train one"), run: onTrain }}>
      <p>{trans.__("Then it answers here for anybody, also for people whom it never saw.")}</p>
    </Empty>
  );
  return (
    <State of={recommenders} rows={5} empty={(all) => all.length === 0 && none}>
      {(all) => <Questions recommenders={all} chosen={recommender} {...form} />}
    </State>
  );
}

interface QuestionsProps extends Pick<AskProps, "draft" | "onChange" | "onChoose"> {
  recommenders: readonly TrainedRecommender[];
  chosen: string;
}

function Questions({ recommenders, chosen, draft, onChange, onChoose }: QuestionsProps): React.JSX.Element {
  const { api } = usePanel();
  const [asked, setAsked] = useState<TopQuestion | null>(null);
  const tests = useRunningTests();
  const isKnown =
    recommenders.some((each) => each.recommender_id === chosen) || tests.some((each) => testChoice(each.test_name) === chosen);
  const answerer = isKnown ? chosen : "";
  const answer = useLoaded(asked === null ? null : JSON.stringify([answerer, asked]), (signal) =>
    ask(api, answerer, asked!, signal),
  );
  const [like, setLike] = useState("");
  const asks = recommenders.some(({ recommender_id }) => recommender_id === answerer);
  const newest = answer.data?.recommender_id ?? recommenders[0]!.recommender_id;
  const [seen, setSeen] = useState<{ categories: readonly string[]; regions: readonly string[] }>({
    categories: [],
    regions: [],
  });
  const note = (items: readonly { category: string | null; region: string | null }[]) => {
    const categories = unite(
      seen.categories,
      items.map(({ category }) => category),
    );
    const regions = unite(
      seen.regions,
      items.map(({ region }) => region),
    );
    if (categories.length + regions.length > seen.categories.length + seen.regions.length) setSeen({ categories, regions });
  };
  return (
    <div className="jp-AssayRecommendations-ask">
      <AnswererField recommenders={recommenders} tests={tests} chosen={answerer} onChoose={onChoose} />
      <AskForm
        draft={draft}
        seen={seen}
        onChange={onChange}
        onAsk={() => {
          if (!isWhole(draft)) return;
          setAsked(questionOf(draft));
          if (answer.data) note(answer.data.items);
          answer.reload();
        }}
      />
      {asked !== null && (
        <State of={answer} rows={5}>
          {(said) => <Answer key={said.user_id} said={said} onTold={answer.reload} onDrawn={note} onLike={setLike} />}
        </State>
      )}
      <Similar recommender={asks ? answerer : newest} item={like} onChoose={setLike} />
    </div>
  );
}

/** Running tests between versions of recommenders. */
function useRunningTests(): AbTest[] {
  const tests = useAbTests(undefined);
  const versions = useRecommenderVersions();
  const known = new Set(versions.data?.map(({ model_id }) => model_id));
  return (tests.data ?? []).filter(
    ({ test_status, model_a_id, model_b_id }) => test_status === "running" && known.has(model_a_id) && known.has(model_b_id),
  );
}

interface AnswererFieldProps extends Pick<QuestionsProps, "recommenders" | "chosen" | "onChoose"> {
  tests: readonly AbTest[];
}

function AnswererField({ recommenders, tests, chosen, onChoose }: AnswererFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  const nameOf = ({ algorithm, created_at, model }: TrainedRecommender) =>
    `${recommenderWord(trans, algorithm)} · ${formatInstant(created_at)}${model ? ` · ${model}` : ""}`;
  return (
    <SelectField
      label={trans.__("Who answers")}
      name="answerer"
      value={chosen}
      none={trans.__("the newest recommender")}
      options={[
        ...recommenders.map((each) => ({ value: each.recommender_id, label: nameOf(each) })),
        ...tests.map(({ test_name }) => ({ value: testChoice(test_name), label: trans.__("the A/B test %1", test_name) })),
      ]}
      onChange={onChoose}
    />
  );
}

function unite(known: readonly string[], found: readonly (string | null)[]): string[] {
  return [...new Set([...known, ...found.filter((each) => each !== null)])].sort();
}
