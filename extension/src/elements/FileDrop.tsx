import React, { useRef, useState } from "react";

interface FileDropProps {
  /** What the button says. */
  label: string;
  /** What stands beside the button. */
  hint?: string;
  /** What the file dialog is called, where the button does not say it. */
  inputLabel?: string;
  /** Endings that the file dialog offers. */
  accept: string;
  /** Takes several files at once; else the first of them. */
  multiple?: boolean;
  disabled?: boolean;
  /** A quiet button in no frame of its own. */
  plain?: boolean;
  /** Whether the button is the first that is meant. */
  autofocus?: boolean;
  onFiles(files: File[]): void;
  /** What a file may be dropped on beside the button; told how to open the file dialog. */
  children?(choose: () => void): React.ReactNode;
}

/** Takes files by a button, or by dropping them on it or on anything inside. */
export function FileDrop(props: FileDropProps): React.JSX.Element {
  const {
    label,
    hint,
    inputLabel,
    accept,
    multiple = false,
    disabled = false,
    plain = false,
    autofocus,
    onFiles,
    children,
  } = props;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const dragged = (event: React.DragEvent) => !disabled && event.dataTransfer.types.includes("Files");
  const choose = () => input.current?.click();
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])].slice(0, multiple ? undefined : 1);
    if (files.length > 0) onFiles(files);
  };
  return (
    <div
      className={children ? "jp-Assay-fileArea" : plain ? "jp-Assay-fileArea jp-mod-plain" : "jp-Assay-fileDrop"}
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
        take(event.dataTransfer.files);
      }}
    >
      <div className="jp-Assay-bar">
        <button
          type="button"
          {...(autofocus && { "data-autofocus": true })}
          className={`jp-mod-styled ${plain ? "jp-mod-minimal" : "jp-mod-accept"}`}
          disabled={disabled}
          onClick={choose}
        >
          {label}
        </button>
        {hint && <span className="jp-Assay-faint">{hint}</span>}
        <input
          ref={input}
          type="file"
          hidden
          multiple={multiple}
          accept={accept}
          aria-label={inputLabel ?? label}
          onChange={({ target }) => {
            take(target.files);
            target.value = "";
          }}
        />
      </div>
      {children?.(choose)}
    </div>
  );
}
