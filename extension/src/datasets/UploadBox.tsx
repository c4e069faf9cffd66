import React, { useRef, useState } from "react";
import type { UploadOptions } from "../dataset-routes";
import { Field, Select } from "../elements/Field";
import { usePanel } from "../panel";
import { Sendings, uploadEndings } from "./Sendings";
import { useUploads } from "./use-uploads";

/** Takes files by a button or by dropping them anywhere on `children`; how they are read can be said where a file does not. */
export function UploadBox({
  onUploaded,
  children,
}: {
  onUploaded(datasetId: string, name: string): void;
  children: React.ReactNode;
}): React.JSX.Element {
  const { trans } = usePanel();
  const uploads = useUploads(onUploaded);
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [header, setHeader] = useState("");
  const [missing, setMissing] = useState("");
  const [skip, setSkip] = useState(false);
  const options: UploadOptions = {
    header: header === "" ? undefined : header === "yes",
    missing: missing.trim() === "" ? undefined : missing,
    onBadRow: skip ? "skip" : undefined,
  };
  const dragged = (event: React.DragEvent) => event.dataTransfer.types.includes("Files");

  return (
    <div
      className="jp-AssayDatasets-drop"
      data-over={over}
      onDragOver={(event) => {
        if (!dragged(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget as Node) && setOver(false)}
      onDrop={(event) => {
        if (!dragged(event)) return;
        event.preventDefault();
        setOver(false);
        uploads.send([...event.dataTransfer.files], options);
      }}
    >
      <div className="jp-Assay-bar">
        <button type="button" data-autofocus className="jp-mod-styled jp-mod-accept" onClick={() => input.current?.click()}>
          {trans.__("Upload files…")}
        </button>
        <span className="jp-Assay-faint">{trans.__("or drop them here: CSV, JSON, ARFF, Excel, Parquet, Arrow")}</span>
        <input
          ref={input}
          type="file"
          hidden
          multiple
          accept={uploadEndings}
          aria-label={trans.__("Files of datasets")}
          onChange={({ target }) => {
            const files = [...(target.files ?? [])];
            target.value = "";
            uploads.send(files, options);
          }}
        />
      </div>
      <details className="jp-AssayDatasets-options">
        <summary>{trans.__("How text files are read")}</summary>
        <div className="jp-Assay-fields">
          <Field label={trans.__("First line")}>
            {(id) => (
              <Select
                id={id}
                name="header"
                value={header}
                none={trans.__("found from the file")}
                options={[
                  { value: "yes", label: trans.__("names the columns") },
                  { value: "no", label: trans.__("is data") },
                ]}
                onChange={setHeader}
              />
            )}
          </Field>
          <Field
            label={trans.__("Missing cells")}
            hint={trans.__("Between commas; empty cells too when the list begins with one.")}
          >
            {(id) => (
              <input
                id={id}
                name="missing"
                className="jp-mod-styled"
                placeholder=",NA,N/A,NaN,null"
                value={missing}
                onChange={({ target }) => setMissing(target.value)}
              />
            )}
          </Field>
          <label className="jp-Assay-check">
            <input type="checkbox" name="skip" checked={skip} onChange={({ target }) => setSkip(target.checked)} />
            {trans.__("Leave out lines that cannot be read")}
          </label>
        </div>
      </details>
      <Sendings uploads={uploads} />
      {children}
    </div>
  );
}
