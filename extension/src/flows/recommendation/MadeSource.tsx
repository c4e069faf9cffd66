import React, { useState } from "react";
import { NumberField } from "../../elements/Field";
import { Failure } from "../../elements/states";
import { useAction } from "../../elements/use-action";
import { JobList } from "../../jobs/JobList";
import { usePanel } from "../../panel";
import { recommendationRoutes } from "./recommendation-routes";

/** Sizes that are usual; with them a dataset of 90 days meets every check. */
const usual = { users: 20_000, items: 2000, interactions: 250_000, days: 180, random_seed: 42 };
const bounds: Readonly<Record<keyof typeof usual, readonly [number, number]>> = {
  users: [10, 1_000_000],
  items: [20, 100_000],
  interactions: [100, 20_000_000],
  days: [2, 3650],
  random_seed: [0, 2 ** 31],
};

/** Makes the travel application with people who never were, of any size, as a job; the newest such job stands below. */
export function MadeSource(): React.JSX.Element {
  const { api, trans } = usePanel();
  const [size, setSize] = useState(usual);
  const [replace, setReplace] = useState(false);
  const { act, failure, busy, forget } = useAction();
  const titles: Record<keyof typeof usual, string> = {
    users: trans.__("People"),
    items: trans.__("Items"),
    interactions: trans.__("Recommendations shown"),
    days: trans.__("Days of history"),
    random_seed: trans.__("Seed"),
  };
  const names = Object.keys(usual) as (keyof typeof usual)[];
  const isWhole = names.every((name) => size[name] >= bounds[name][0] && size[name] <= bounds[name][1]);
  return (
    <form
      className="jp-AssayRecommendations-source"
      aria-label={trans.__("Make the travel application")}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) void act(() => recommendationRoutes.makeSource(api, { ...size, replace }));
      }}
    >
      <p className="jp-Assay-faint">
        {trans.__("Eight tables of people, items, searches and bookings, drawn from a seed with tastes, seasons and fashions.")}
      </p>
      <div className="jp-Assay-fields">
        {names.map((name) => (
          <NumberField
            key={name}
            label={titles[name]}
            name={`source_${name}`}
            value={size[name]}
            min={bounds[name][0]}
            max={bounds[name][1]}
            onChange={(value) => {
              forget();
              setSize({ ...size, [name]: value });
            }}
          />
        ))}
      </div>
      <label className="jp-Assay-check">
        <input
          type="checkbox"
          name="source_replace"
          checked={replace}
          onChange={({ target }) => {
            forget();
            setReplace(target.checked);
          }}
        />
        {trans.__("Put it in the place of one that is there")}
      </label>
      <div className="jp-Assay-bar">
        <button type="submit" className="jp-mod-styled jp-mod-minimal" disabled={busy || !isWhole}>
          {trans.__("Make the application")}
        </button>
      </div>
      <Failure error={failure} />
      <JobList query={{ kind: "etl-source" }} most={1} empty={null} />
    </form>
  );
}
