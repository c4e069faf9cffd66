import React, { useRef, useState } from "react";
import { Failure } from "../elements/states";
import { Progress } from "../elements/status";
import { usePanel } from "../panel";
import { routes } from "../routes";

/** A button that sends a file of the reader's machine as a new dataset. */
export function Upload({ onUploaded }: { onUploaded(datasetId: string): void }): React.JSX.Element {
  const { api, trans } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const send = (file: File) => {
    setShare(0);
    setError(null);
    routes
      .datasets(api)
      .then(({ items }) => freeName(file.name.replace(/\.\w+$/, ""), new Set(items.map(({ name }) => name))))
      .then((name) => routes.upload(api, file, name, setShare))
      .then(({ dataset_id }) => onUploaded(dataset_id), setError)
      .finally(() => setShare(null));
  };
  return (
    <div className="jp-Assay-upload">
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        disabled={share !== null}
        onClick={() => input.current?.click()}
      >
        {trans.__("Upload a file…")}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.json,.parquet"
        aria-label={trans.__("File of the dataset")}
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = "";
          if (file) send(file);
        }}
      />
      {share !== null && (
        <Progress
          step={Math.round(100 * share)}
          steps={share < 1 ? 100 : 0}
          label={share < 1 ? trans.__("Sending the file") : trans.__("Reading the file")}
        />
      )}
      {error !== null && <Failure error={error} />}
    </div>
  );
}

/** The name, or the name with the first number behind it that no dataset has. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}
