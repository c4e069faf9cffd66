import React from "react";
import { Field } from "../../elements/Field";
import { formatFixed } from "../../elements/format";
import { usePanel } from "../../panel";
import { dimensionWords } from "./names";

interface ProfileSlidersProps {
  /** Eight numbers from 0 to 1, in the order of the dimensions. */
  profile: readonly number[];
  onChange(profile: readonly number[]): void;
}

/** The tastes of somebody new, from 0 to 1 each. */
export function ProfileSliders({ profile, onChange }: ProfileSlidersProps): React.JSX.Element {
  const { trans } = usePanel();
  return (
    <fieldset className="jp-AssayRecommendations-sliders">
      <legend>{trans.__("Profile")}</legend>
      {dimensionWords(trans).map(({ name, title, ends }, k) => (
        <Field key={name} label={`${title} · ${formatFixed(profile[k]!, 2)}`} hint={ends}>
          {(id) => (
            <input
              id={id}
              name={`profile_${name}`}
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={profile[k]}
              aria-valuetext={formatFixed(profile[k]!, 2)}
              onChange={({ target }) => onChange(profile.map((each, j) => (j === k ? target.valueAsNumber : each)))}
            />
          )}
        </Field>
      ))}
    </fieldset>
  );
}
