import type { Alias } from "assay-lab/contract";
import React, { useId, useState } from "react";
import { Select } from "../elements/Field";
import { formatInstant } from "../elements/format";
import { Failure, State } from "../elements/states";
import { useAction } from "../elements/use-action";
import { useLoaded } from "../elements/use-loaded";
import { modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { wordOf } from "../words";
import type { ModelState } from "./use-model";

/** Names that point at versions: moved, protected, removed, made. */
export function Aliases({ model, onChanged }: { model: ModelState; onChanged(): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const { name, versions } = model;
  const pointed = versions.map(({ version, aliases }) => `${version}:${aliases.join()}`).join(";");
  const aliases = useLoaded(`${name} ${pointed}`, () => modelRoutes.aliases(api, name));
  const { act, failure } = useAction(() => {
    aliases.reload();
    onChanged();
  });
  const options = versions.map(({ version, version_status }) => ({
    value: version,
    label: `${version} (${wordOf(trans, version_status)})`,
  }));
  const none = (
    <p className="jp-Assay-faint">
      {trans.__("An alias is a name for one version that programs ask for, as %1; moving it moves them.", `${name}@champion`)}
    </p>
  );
  return (
    <section aria-label={trans.__("Aliases")} className="jp-AssayModel-aliases">
      <h2>{trans.__("Aliases")}</h2>
      <Failure error={failure} />
      <State of={aliases} rows={2} empty={(all) => all.length === 0 && none}>
        {(all) => (
          <ul className="jp-AssayModel-list">
            {all.map((alias) => (
              <AliasItem key={alias.alias} name={name} alias={alias} options={options} act={act} />
            ))}
          </ul>
        )}
      </State>
      <NewAlias options={options} onMade={(alias, version) => act(() => modelRoutes.setAlias(api, name, alias, { version }))} />
    </section>
  );
}

interface Option {
  value: string;
  label: string;
}

interface AliasItemProps {
  name: string;
  alias: Alias;
  options: readonly Option[];
  act(action: () => Promise<unknown>): void;
}

function AliasItem({ name, alias, options, act }: AliasItemProps): React.JSX.Element {
  const { api, trans } = usePanel();
  const id = useId();
  const { alias: word, version, protected: isProtected, updated_by, updated_at } = alias;
  return (
    <li data-alias={word}>
      <strong>{word}</strong>
      <span aria-hidden="true">→</span>
      <Select
        id={id}
        name={`alias ${word}`}
        label={trans.__("Version of alias %1", word)}
        value={version}
        options={options}
        onChange={(to) => act(() => modelRoutes.setAlias(api, name, word, { version: to }))}
      />
      <label className="jp-Assay-check" title={trans.__("Moved and removed by owners of the project alone")}>
        <input
          type="checkbox"
          checked={isProtected}
          aria-label={trans.__("Alias %1 is protected", word)}
          onChange={({ target }) => act(() => modelRoutes.setAlias(api, name, word, { version, protected: target.checked }))}
        />
        {trans.__("protected")}
      </label>
      <span className="jp-Assay-faint">
        {formatInstant(updated_at)}
        {updated_by && ` · ${updated_by}`}
      </span>
      <button
        type="button"
        className="jp-Assay-sign"
        aria-label={trans.__("Remove alias %1", word)}
        title={trans.__("Remove alias %1", word)}
        onClick={() => act(() => modelRoutes.removeAlias(api, name, word))}
      >
        ×
      </button>
    </li>
  );
}

interface NewAliasProps {
  options: readonly Option[];
  onMade(alias: string, version: string): Promise<boolean>;
}

function NewAlias({ options, onMade }: NewAliasProps): React.JSX.Element {
  const { trans } = usePanel();
  const id = useId();
  const [word, setWord] = useState("");
  const [version, setVersion] = useState("");
  const isWord = /^[a-z][\w-]{0,49}$/i.test(word);
  const target = version || (options[0]?.value ?? "");
  const make = (event: React.FormEvent) => {
    event.preventDefault();
    void onMade(word, target).then((made) => made && setWord(""));
  };
  return (
    <form className="jp-Assay-bar" onSubmit={make}>
      <input
        className="jp-mod-styled"
        name="alias"
        value={word}
        aria-label={trans.__("Name of a new alias")}
        aria-invalid={(word !== "" && !isWord) || undefined}
        title={trans.__("A letter, then letters, digits, _ and -")}
        placeholder={trans.__("new alias")}
        onChange={({ target: { value } }) => setWord(value)}
      />
      <span aria-hidden="true">→</span>
      <Select
        id={id}
        name="alias_version"
        label={trans.__("Version of the new alias")}
        value={target}
        options={options}
        onChange={setVersion}
      />
      <button type="submit" className="jp-mod-styled jp-mod-minimal" disabled={!isWord}>
        {trans.__("Set alias")}
      </button>
    </form>
  );
}
