import type { SimilarItems } from "assay-lab/contract";
import React, { useState } from "react";
import { Field } from "../../elements/Field";
import { formatMetric } from "../../elements/format";
import { State } from "../../elements/states";
import { useLoaded } from "../../elements/use-loaded";
import { Wide } from "../../elements/Wide";
import { usePanel } from "../../panel";
import { recommenderWord } from "./names";
import { recommendationRoutes } from "./recommendation-routes";

/** How many items are shown that are like one. */
const shownMost = 10;

interface SimilarProps {
  /** Id of the recommender that is asked. */
  recommender: string;
  /** The item that was chosen; empty: none. */
  item: string;
  onChoose(item: string): void;
}

/** The ten items that are most like one, by the recommender's vectors or its own likeness; each leads on to those like it. */
export function Similar({ recommender, item, onChoose }: SimilarProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const [draft, setDraft] = useState(item);
  const [shown, setShown] = useState(item);
  if (shown !== item) {
    setShown(item); // chosen elsewhere: the field says so too
    setDraft(item);
  }
  const found = useLoaded(item === "" ? null : JSON.stringify([recommender, item]), () =>
    recommendationRoutes.similar(api, recommender, item, shownMost),
  );
  return (
    <section aria-label={trans.__("Items like one")} className="jp-AssayRecommendations-like" data-like={item}>
      <h3>{trans.__("Items like one")}</h3>
      <form
        aria-label={trans.__("Items like one")}
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(draft.trim());
        }}
      >
        <div className="jp-Assay-fields">
          <Field label={trans.__("Id of the item")}>
            {(id) => (
              <input
                id={id}
                name="item"
                className="jp-mod-styled"
                maxLength={300}
                required
                autoComplete="off"
                value={draft}
                onChange={({ target }) => setDraft(target.value)}
              />
            )}
          </Field>
        </div>
        <div className="jp-Assay-bar">
          <button type="submit" name="similar" className="jp-mod-styled jp-mod-minimal" disabled={draft.trim() === ""}>
            {trans.__("Show items like it")}
          </button>
        </div>
      </form>
      {item !== "" && (
        <State of={found} rows={5}>
          {(like) => <Likes like={like} onChoose={onChoose} />}
        </State>
      )}
    </section>
  );
}

function Likes({ like, onChoose }: { like: SimilarItems; onChoose(item: string): void }): React.JSX.Element {
  const { preferences, trans } = usePanel();
  const { items, source, algorithm, item_id } = like;
  const how = source === "vectors" ? trans.__("by the cosine of their vectors") : trans.__("by the algorithm's own likeness");
  if (items.length === 0) return <p role="status">{trans.__("No other item is like %1.", item_id)}</p>;
  return (
    <>
      <p className="jp-Assay-faint" role="status">
        {[trans.__("Items like %1", item_id), recommenderWord(trans, algorithm), how].join(" · ")}
      </p>
      <Wide>
        <table className="jp-Assay-table">
          <thead>
            <tr>
              <th scope="col" className="jp-mod-numeric">
                #
              </th>
              <th scope="col">{trans.__("Item")}</th>
              <th scope="col" className="jp-mod-numeric">
                {trans.__("Likeness")}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item, k) => (
              <tr key={item.item_id} data-like-item={item.item_id}>
                <td className="jp-mod-numeric">{k + 1}</td>
                <th scope="row">
                  <ItemName item={item} onChoose={onChoose} />
                </th>
                <td className="jp-mod-numeric">{formatMetric(item.score, preferences.values.decimals)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

interface ItemNameProps {
  item: Pick<SimilarItems["items"][number], "item_id" | "category" | "region">;
  onChoose(item: string): void;
}

/** An item's id, which leads to the items like it, above its category and region. */
export function ItemName({ item: { item_id: id, category, region }, onChoose }: ItemNameProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <>
      <button type="button" className="jp-Assay-link" title={trans.__("Items like %1", id)} onClick={() => onChoose(id)}>
        {id}
      </button>
      <span className="jp-Assay-faint jp-AssayModels-under">
        {[category, region].filter((each) => each !== null).join(" · ")}
      </span>
    </>
  );
}
