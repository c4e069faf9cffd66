import React, { useEffect, useRef, useState } from "react";

interface PopoverProps {
  /** Word on the button. */
  label: string;
  /** Name of what opens. */
  title: string;
  disabled?: boolean;
  children: React.ReactNode | ((close: () => void) => React.ReactNode);
}

/** A button and what it opens below it; Escape, or a press or focus elsewhere, closes it. */
export function Popover({ label, title, disabled = false, children }: PopoverProps): React.JSX.Element {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      className="jp-Assay-picker"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        aria-expanded={open}
        aria-haspopup="dialog"
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <div className="jp-Assay-pickerList" role="dialog" aria-label={title}>
          {typeof children === "function" ? children(close) : children}
        </div>
      )}
    </div>
  );
}
