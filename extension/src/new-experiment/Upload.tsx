import React, { useRef } from "react";
import { Sendings, uploadEndings } from "../datasets/Sendings";
import { useUploads } from "../datasets/use-uploads";
import { usePanel } from "../panel";

/** A button that sends a file of the reader's machine as a new dataset. */
export function Upload({ onUploaded }: { onUploaded(datasetId: string): void }): React.JSX.Element {
  const { trans } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  const uploads = useUploads(onUploaded);
  return (
    <div className="jp-Assay-upload">
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        disabled={uploads.sendings.some(({ error }) => error === null)}
        onClick={() => input.current?.click()}
      >
        {trans.__("Upload a file…")}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={uploadEndings}
        aria-label={trans.__("File of the dataset")}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = "";
          for (const { key } of uploads.sendings) uploads.dismiss(key);
          uploads.send(files);
        }}
      />
      <Sendings uploads={uploads} />
    </div>
  );
}
