import React, { useState } from "react";
import type { UploadOptions } from "../dataset-routes";
import { Field, SelectField } from "../elements/Field";
import { FileDrop } from "../elements/FileDrop";
import { usePanel } from "../panel";
import { Sendings, uploadEndings } from "./Sendings";
import { useUploads } from "./use-uploads";

/** Takes files as datasets, dropped anywhere on `children` too; how they are read can be said where a file does not. */
export function UploadBox({
  onUploaded,
  children,
}: {
  onUploaded(datasetId: string, name: string): void;
  children(choose: () => void): React.ReactNode;
}): React.JSX.Element {
  const { trans } = usePanel();
  const uploads = useUploads(onUploaded);
  const [header, setHeader] = useState("");
  const [missing, setMissing] = useState("");
  const [skip, setSkip] = useState(false);
  const options: UploadOptions = {
    header: header === "" ? undefined : header === "yes",
    missing: missing.trim() === "" ? undefined : missing,
    onBadRow: skip ? "skip" : undefined,
  };

  return (
    <FileDrop
      label={trans.__("Upload files…")}
      hint={trans.__("or drop them here: CSV, JSON, ARFF, Excel, Parquet, Arrow")}
      inputLabel={trans.__("Files of datasets")}
      accept={uploadEndings}
      multiple
      autofocus
      onFiles={(files) => uploads.send(files, options)}
    >
      {(choose) => (
        <>
          <details className="jp-AssayDatasets-options">
            <summary>{trans.__("How text files are read")}</summary>
            <div className="jp-Assay-fields">
              <SelectField
                label={trans.__("First line")}
                name="header"
                value={header}
                none={trans.__("found from the file")}
                options={[
                  { value: "yes", label: trans.__("names the columns") },
                  { value: "no", label: trans.__("is data") },
                ]}
                onChange={setHeader}
              />
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
          {children(choose)}
        </>
      )}
    </FileDrop>
  );
}
