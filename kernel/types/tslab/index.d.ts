// The display functions of tslab as this kernel offers them.

/** Shows rich contents in the running cell. */
export interface Display {
  /** Shows any value as the last expression of a cell would be shown. */
  (value: unknown): void;
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array | object): void;
}

/** Shows rich contents in the running cell. */
export declare const display: Display;

/** A display of its own: what is shown first appears, what is shown later takes its place. */
export declare function newDisplay(): Display;

/** Removes what the running cell has shown; with `wait` only when something new is shown. */
export declare function clearOutput(wait?: boolean): void;

/** Shows a long text in the front end's pager once the cell has ended. */
export declare function page(text: string): void;

/** The versions of tslab and what it stands on. */
export declare const versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
