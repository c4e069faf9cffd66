// Names that every cell has.

/**
 * Asks whoever runs the notebook for a line of text.
 * @param prompt what is shown before the field
 * @param password true hides what is typed
 * @throws when the front end cannot ask, as in a scheduled run
 */
declare function input(prompt?: string, password?: boolean): Promise<string>;

/** Shows any value as the last expression of a cell would be shown. */
declare var display: import("../tslab/index.d.ts").Display;

/**
 * HTML. What is put in stays text, but for what these tags made; lists are put in one after another, null, undefined and false not at all.
 * @throws TypeError where a value would be run or read as markup: in a script, a tag's name, an event's attribute, an address that is a program
 */
declare var html: typeof import("../tslab/index.d.ts").html;

/** SVG; values as in `html`. */
declare var svg: typeof import("../tslab/index.d.ts").svg;

/** Markdown; what is put in stays text, but for what these tags made. */
declare var md: typeof import("../tslab/index.d.ts").md;
