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

/** Rich text that a tag made; as the last expression of a cell, or given to `display`, it is drawn. */
export interface Markup {
  /** The text itself. */
  toString(): string;
}

/**
 * HTML. What is put in stays text, but for what these tags made; lists are put in one after another, null, undefined and false not at all.
 * @throws TypeError where a value would be run or read as markup: in a script, a tag's name, an event's attribute, an address that is a program
 */
export declare function html(texts: TemplateStringsArray, ...values: readonly unknown[]): Markup;

/** SVG; values as in `html`. */
export declare function svg(texts: TemplateStringsArray, ...values: readonly unknown[]): Markup;

/** Markdown; what is put in stays text, but for what these tags made. */
export declare function md(texts: TemplateStringsArray, ...values: readonly unknown[]): Markup;

/** What goes with the data of a message. */
export interface CommExtras {
  readonly metadata?: object;
  /** Bytes that go beside the JSON. */
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

/** JSON of the front end's making. */
// biome-ignore lint/suspicious/noExplicitAny: only the two sides of a comm know what they say
export type Said = any;

/** What came with the data of a message. */
export interface CommReceived {
  readonly metadata: Readonly<Record<string, Said>>;
  readonly buffers: readonly Uint8Array[];
}

/** Hears what the front end says. */
export type CommListener = (data: Said, more: CommReceived) => void;

/** A line to something in the front end, as a widget. */
export interface Comm {
  readonly id: string;
  /** The name under which the other side answers. */
  readonly target: string;
  readonly closed: boolean;
  /** @throws when the comm is closed or the data are not JSON */
  send(data?: unknown, more?: CommExtras): void;
  close(data?: unknown, more?: CommExtras): void;
  onMessage(listener: CommListener): void;
  onClose(listener: CommListener): void;
}

/** Lines to the front end beside the outputs of cells; they go on after a cell has ended. */
export declare const comms: {
  /** Opens a line to what the front end has registered as `target`. */
  open(target: string, data?: unknown, options?: CommExtras & { readonly id?: string }): Comm;
  /** Answers lines that the front end opens to `target`. */
  target(name: string, opened: (comm: Comm, data: Said, more: CommReceived) => void): void;
};

/** The versions of tslab and what it stands on. */
export declare const versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
