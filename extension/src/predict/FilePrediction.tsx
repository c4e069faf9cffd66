import React, { useId, useState } from "react";
import { Field, SelectField } from "../elements/Field";
import { FileDrop } from "../elements/FileDrop";
import { Empty, Failure, State } from "../elements/states";
import { Progress } from "../elements/status";
import { useSending } from "../elements/use-sending";
import type { ModelState } from "../model/use-model";
import { type FileOptions, modelRoutes } from "../model-routes";
import { usePanel } from "../panel";
import { wordOf } from "../words";
import { FileJobItem } from "./FileJobItem";
import { useFileJobs } from "./use-file-jobs";

/** Predicts the rows of a CSV file as a job, and lists the files that were predicted before. */
export function FilePrediction({ model }: { model: ModelState }): React.JSX.Element {
  const { api, trans } = usePanel();
  const id = useId();
  const [version, setVersion] = useState((model.production ?? model.versions[0])?.version ?? "");
  const [options, setOptions] = useState<FileOptions>({ output: "csv", on_bad_row: "error" });
  const { send, share, failure } = useSending();
  const files = useFileJobs(model);
  const set = (change: Partial<FileOptions>) => setOptions((old) => ({ ...old, ...change }));
  const take = (file: File) =>
    void send((onProgress) => modelRoutes.predictFile(api, `${model.name}@${version}`, file, options, onProgress), files.reload);
  return (
    <section className="jp-AssayFiles" aria-label={trans.__("Predict a file")}>
      <div className="jp-Assay-fields">
        <SelectField
          label={trans.__("Version")}
          name="file_version"
          value={version}
          options={model.versions.map((each) => ({
            value: each.version,
            label: `${each.version} (${wordOf(trans, each.version_status)})`,
          }))}
          onChange={setVersion}
        />
        <SelectField
          label={trans.__("Answers as")}
          name="output"
          value={options.output}
          options={[
            { value: "csv", label: "CSV" },
            { value: "parquet", label: "Parquet" },
          ]}
          onChange={(output) => set({ output: output as FileOptions["output"] })}
        />
        <SelectField
          label={trans.__("A row that cannot be read")}
          name="on_bad_row"
          value={options.on_bad_row}
          options={[
            { value: "error", label: trans.__("ends the job, with its line") },
            { value: "skip", label: trans.__("is left without an answer") },
          ]}
          onChange={(on_bad_row) => set({ on_bad_row: on_bad_row as FileOptions["on_bad_row"] })}
        />
        <Field label={trans.__("Column that says whom a row is about")} hint={trans.__("So that a person's rows can be erased.")}>
          {(field) => (
            <input
              id={field}
              name="user_column"
              className="jp-mod-styled"
              placeholder={trans.__("none")}
              value={options.user_column ?? ""}
              onChange={({ target: { value } }) => set({ user_column: value === "" ? undefined : value })}
            />
          )}
        </Field>
      </div>
      <FileDrop
        label={trans.__("Predict a CSV file…")}
        hint={trans.__("or drop it here; the first line names the columns")}
        accept=".csv,.tsv,.txt,text/csv"
        disabled={share !== null}
        onFiles={([file]) => file && take(file)}
      />
      {share !== null && <Progress step={Math.round(100 * share)} steps={100} label={trans.__("Sending the file")} />}
      <Failure error={failure} />
      <h2 id={id}>{trans.__("Predicted files")}</h2>
      <State
        of={files}
        rows={3}
        empty={(all) => all.length === 0 && <Empty title={trans.__("No file was predicted with this model yet.")} />}
      >
        {(all) => (
          <ul className="jp-AssayJobs-list" aria-labelledby={id}>
            {all.map((file) => (
              <FileJobItem key={file.id} file={file} onChanged={files.reload} />
            ))}
          </ul>
        )}
      </State>
    </section>
  );
}
