import React from "react";
import { Field, NumberField } from "../../elements/Field";
import { usePanel } from "../../panel";
import { type EtlDraft, isVersion } from "./etl-draft";

interface RunFieldsProps {
  draft: EtlDraft;
  suggested: { refresh: string; change: string };
  versions: readonly string[];
  onChange(changes: Partial<EtlDraft>): void;
}

/** Id of the versions that the field offers. */
const offeredId = "assay-etl-versions";

/** Version, window, negatives, split, seed and privacy of a run. */
export function RunFields({ draft, suggested, versions, onChange }: RunFieldsProps): React.JSX.Element {
  const { trans } = usePanel();
  const exists = versions.includes(draft.version);
  const isWrong = exists || (draft.version !== "" && !isVersion(draft.version));
  return (
    <section aria-label={trans.__("Settings")}>
      <h2>{trans.__("Settings")}</h2>
      <div className="jp-Assay-fields">
        <Field
          label={trans.__("Version")}
          hint={
            exists
              ? trans.__("Version %1 exists and is never overwritten.", draft.version)
              : versions.length === 0
                ? trans.__("%1 is the first.", suggested.refresh)
                : trans.__("%1 is the next refresh, %2 another schema or window.", suggested.refresh, suggested.change)
          }
        >
          {(id) => (
            <>
              <input
                id={id}
                name="version"
                className="jp-mod-styled"
                list={offeredId}
                maxLength={9}
                placeholder={suggested.refresh}
                aria-invalid={isWrong || undefined}
                value={draft.version}
                onChange={({ target }) => onChange({ version: target.value.trim() })}
              />
              <datalist id={offeredId}>
                <option value={suggested.refresh} />
                <option value={suggested.change} />
              </datalist>
            </>
          )}
        </Field>
        <NumberField
          label={trans.__("Window in days")}
          name="window_days"
          value={draft.windowDays}
          min={1}
          max={3650}
          onChange={(windowDays) => onChange({ windowDays })}
        />
        <Field label={trans.__("Last day of the window")} hint={trans.__("Empty: today.")}>
          {(id) => (
            <input
              id={id}
              name="until"
              type="date"
              className="jp-mod-styled"
              value={draft.until}
              onChange={({ target }) => onChange({ until: target.value })}
            />
          )}
        </Field>
        <NumberField
          label={trans.__("Items not shown, to each click")}
          name="negative_sample_ratio"
          value={draft.ratio}
          min={0}
          max={20}
          step="any"
          hint={trans.__("Of those that the person could have seen.")}
          onChange={(ratio) => onChange({ ratio })}
        />
        <NumberField
          label={trans.__("Newest rows that test, in %")}
          name="test_size"
          value={draft.testShare}
          min={1}
          max={99}
          step="any"
          onChange={(testShare) => onChange({ testShare })}
        />
        <NumberField
          label={trans.__("Seed")}
          name="random_seed"
          value={draft.seed}
          min={0}
          max={2 ** 31}
          onChange={(seed) => onChange({ seed })}
        />
        <NumberField
          label={trans.__("People alike at least")}
          name="k_anonymity"
          value={draft.kAnonymity}
          min={2}
          max={1000}
          hint={trans.__("Who share age group, region and segment.")}
          onChange={(kAnonymity) => onChange({ kAnonymity })}
        />
      </div>
    </section>
  );
}
