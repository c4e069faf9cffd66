// Names that every cell has.

/**
 * Asks whoever runs the notebook for a line of text.
 * @param prompt what is shown before the field
 * @param password true hides what is typed
 * @throws when the front end cannot ask, as in a scheduled run
 */
declare function input(prompt?: string, password?: boolean): Promise<string>;
