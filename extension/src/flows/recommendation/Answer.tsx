import type { Recommended, RecommendFeedback } from "assay-lab/contract";
import React, { useEffect, useState } from "react";
import { formatMetric, formatSigned } from "../../elements/format";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { actionWords, recommenderWord, sourceWords } from "./names";
import { recommendationRoutes } from "./recommendation-routes";
import { ItemName } from "./Similar";

type Item = Recommended["items"][number];
type Action = RecommendFeedback["action"];

/** What was told of an item, and the answer that it was told of. */
interface ToldItem {
  item: string;
  action: Action;
  before: Recommended;
}

const actions: readonly Action[] = ["viewed", "clicked", "booked", "rejected"];

interface AnswerProps {
  said: Recommended;
  /** Asks anew: the answer knows what was told. */
  onTold(): void;
  onDrawn(items: readonly Item[]): void;
  /** Shows the items that are like one. */
  onLike(item: string): void;
}

/** The items for somebody: who answered, which of their own items speak for each, and buttons for what they made of it. */
export function Answer({ said, onTold, onDrawn, onLike }: AnswerProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const { act, failure, busy } = useAction();
  const [told, setTold] = useState<readonly ToldItem[]>([]);
  const { items, user_id: user } = said;
  useEffect(() => onDrawn(items), [items]);
  const tell = (item: string, action: Action) =>
    void act(
      () => recommendationRoutes.tell(api, { user_id: user, item_id: item, action, recommender_id: said.recommender_id }),
      () => {
        setTold((before) => [{ item, action, before: said }, ...before]);
        onTold();
      },
    );
  return (
    <section
      aria-label={trans.__("Recommended")}
      className="jp-AssayRecommendations-answer"
      data-source={said.source}
      data-user={user}
    >
      <SourceFacts said={said} />
      {told.length > 0 && <Told told={told} said={said} />}
      <Failure error={failure} />
      {items.length === 0 ? (
        <p role="status">{trans.__("No item is left: the filters, or what this person took before, leave none.")}</p>
      ) : (
        <Items items={items} told={told} isBusy={busy} onTell={tell} onLike={onLike} />
      )}
    </section>
  );
}

function SourceFacts({ said }: { said: Recommended }): React.JSX.Element {
  const { trans } = usePanel();
  const { word, about } = sourceWords(trans)[said.source];
  const { ab_test: test } = said;
  return (
    <div className="jp-AssayRecommendations-said" role="status">
      <span className="jp-Assay-badge" data-tone={said.source === "model" || said.source === "feedback" ? "good" : "warning"}>
        {word}
      </span>
      <div>
        <p>{about}</p>
        <p className="jp-Assay-faint">
          {[
            recommenderWord(trans, said.algorithm),
            ...(said.model ? [said.model] : []),
            ...(test?.arm ? [trans.__("arm %1 of %2", test.arm.toUpperCase(), test.test_name)] : []),
          ].join(" · ")}
        </p>
      </div>
    </div>
  );
}

function Told({ told, said }: { told: readonly ToldItem[]; said: Recommended }): React.JSX.Element {
  const { trans } = usePanel();
  const words = actionWords(trans);
  const list = told.map(({ item, action }) => `${item} ${words[action]}`).join(", ");
  const isKnown = told[0]!.before !== said;
  return (
    <p role="status" className="jp-Assay-notice" data-known={isKnown}>
      {isKnown ? trans.__("Told: %1. The answer below knows it.", list) : trans.__("Told: %1.", list)}
    </p>
  );
}

interface ItemsProps {
  items: readonly Item[];
  told: readonly ToldItem[];
  isBusy: boolean;
  onTell(item: string, action: Action): void;
  onLike(item: string): void;
}

function Items({ items, ...rest }: ItemsProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <Wide>
      <table className="jp-Assay-table">
        <thead>
          <tr>
            <th scope="col" className="jp-mod-numeric">
              #
            </th>
            <th scope="col">{trans.__("Item")}</th>
            <th scope="col" className="jp-mod-numeric">
              {trans.__("Score")}
            </th>
            <th scope="col">{trans.__("Because of")}</th>
            <th scope="col">{trans.__("What the person made of it")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item, k) => (
            <ItemRow key={item.item_id} rank={k + 1} item={item} {...rest} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function ItemRow({
  rank,
  item,
  told,
  isBusy,
  onTell,
  onLike,
}: Omit<ItemsProps, "items"> & { rank: number; item: Item }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const { item_id: id, score, because } = item;
  const words = actionWords(trans);
  const digits = preferences.values.decimals;
  return (
    <tr data-item={id}>
      <td className="jp-mod-numeric">{rank}</td>
      <th scope="row">
        <ItemName item={item} onChoose={onLike} />
      </th>
      <td className="jp-mod-numeric">{formatMetric(score, digits)}</td>
      <td className="jp-AssayRecommendations-because">
        {because.length === 0
          ? "–"
          : because.map(({ item_id, contribution }) => `${item_id} (${formatSigned(contribution, 2)})`).join(", ")}
      </td>
      <td>
        <div className="jp-AssayRecommendations-moves">
          {actions.map((action) => (
            <button
              key={action}
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              aria-label={`${id}: ${words[action]}`}
              aria-pressed={told.some((each) => each.item === id && each.action === action)}
              data-action={action}
              disabled={isBusy}
              onClick={() => onTell(id, action)}
            >
              {words[action]}
            </button>
          ))}
        </div>
      </td>
    </tr>
  );
}
