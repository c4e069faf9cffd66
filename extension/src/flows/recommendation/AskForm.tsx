import React from "react";
import { Field, NumberField } from "../../elements/Field";
import { usePanel } from "../../panel";
import { ProfileSliders } from "./ProfileSliders";
import { isWhole, type QuestionDraft } from "./question";

interface AskFormProps {
  draft: QuestionDraft;
  /** Categories and regions that earlier answers had. */
  seen: { categories: readonly string[]; regions: readonly string[] };
  onChange(draft: QuestionDraft): void;
  onAsk(): void;
}

/** Who it is for, how many items, of which kind; for somebody new a profile. */
export function AskForm({ draft, seen, onChange, onAsk }: AskFormProps): React.JSX.Element {
  const { trans } = usePanel();
  const set = (changes: Partial<QuestionDraft>) => onChange({ ...draft, ...changes });
  return (
    <form
      aria-label={trans.__("Question")}
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <div className="jp-Assay-fields">
        <Field label={trans.__("Id of the person")} hint={trans.__("As the application knows them.")}>
          {(id) => (
            <input
              id={id}
              name="user"
              className="jp-mod-styled"
              data-autofocus
              maxLength={200}
              required
              autoComplete="off"
              value={draft.user}
              onChange={({ target }) => set({ user: target.value })}
            />
          )}
        </Field>
        <NumberField label={trans.__("Items")} name="top" value={draft.k} min={1} max={100} onChange={(k) => set({ k })} />
        <FilterField
          label={trans.__("Only of the category")}
          name="category"
          value={draft.category}
          known={seen.categories}
          onChange={(category) => set({ category })}
        />
        <FilterField
          label={trans.__("Only in the region")}
          name="region"
          value={draft.region}
          known={seen.regions}
          onChange={(region) => set({ region })}
        />
      </div>
      <label className="jp-Assay-check">
        <input type="checkbox" name="is_new" checked={draft.isNew} onChange={({ target }) => set({ isNew: target.checked })} />
        {trans.__("Somebody new: send a profile")}
      </label>
      {draft.isNew && <ProfileSliders profile={draft.profile} onChange={(profile) => set({ profile })} />}
      <div className="jp-Assay-bar">
        <button type="submit" name="ask" className="jp-mod-styled jp-mod-accept" disabled={!isWhole(draft)}>
          {trans.__("Recommend")}
        </button>
      </div>
    </form>
  );
}

interface FilterFieldProps {
  label: string;
  name: string;
  value: string;
  known: readonly string[];
  onChange(value: string): void;
}

function FilterField({ label, name, value, known, onChange }: FilterFieldProps): React.JSX.Element {
  const { trans } = usePanel();
  const list = `assay-known-${name}`;
  return (
    <Field label={label}>
      {(id) => (
        <>
          <input
            id={id}
            name={name}
            className="jp-mod-styled"
            list={list}
            maxLength={200}
            autoComplete="off"
            placeholder={trans.__("any")}
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
          <datalist id={list}>
            {known.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
