import React from "react";
import { Sendings, uploadEndings } from "../datasets/Sendings";
import { useUploads } from "../datasets/use-uploads";
import { FileDrop } from "../elements/FileDrop";
import { usePanel } from "../panel";

/** A button that sends a file of the reader's machine as a new dataset. */
export function Upload({ onUploaded }: { onUploaded(datasetId: string): void }): React.JSX.Element {
  const { trans } = usePanel();
  const uploads = useUploads(onUploaded);
  return (
    <div className="jp-Assay-upload">
      <FileDrop
        plain
        label={trans.__("Upload a file…")}
        inputLabel={trans.__("File of the dataset")}
        accept={uploadEndings}
        disabled={uploads.sendings.some(({ error }) => error === null)}
        onFiles={(files) => {
          for (const { key } of uploads.sendings) uploads.dismiss(key);
          uploads.send(files);
        }}
      />
      <Sendings uploads={uploads} />
    </div>
  );
}
