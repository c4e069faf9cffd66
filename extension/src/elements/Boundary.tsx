import type { TranslationBundle } from "@jupyterlab/translation";
import React from "react";

interface BoundaryProps {
  trans: TranslationBundle;
  children: React.ReactNode;
}

/** Draws what is inside; where that fails it says so, with a way out. Without it React would take the whole panel away and leave a blank one. */
export class Boundary extends React.Component<BoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): React.ReactNode {
    const { trans, children } = this.props;
    const { error } = this.state;
    if (error === null) return children;
    const isGone = error.name === "ChunkLoadError"; // webpack's, and React never asks for it again
    return (
      <div className="jp-Assay-failure" data-state="undrawn" role="alert">
        <p>
          {isGone
            ? trans.__(
                "A part of Assay did not come: the server is away, or Assay was installed anew since this page was loaded. Load the page again.",
              )
            : trans.__("This could not be drawn: %1", error.message)}
        </p>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => (isGone ? location.reload() : this.setState({ error: null }))}
        >
          {isGone ? trans.__("Load the page again") : trans.__("Try again")}
        </button>
      </div>
    );
  }
}
