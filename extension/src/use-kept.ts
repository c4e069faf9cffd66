import type { PartialJSONObject, PartialJSONValue, ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import type { DocumentView } from "./document-view";

/** The view of the document that a panel is drawn in; null in the sidebar, which has none. */
export const ViewContext = createContext<DocumentView | null>(null);

/** Reads the values that a link or an old layout holds: what is missing or of another kind is left out. */
type Read<T> = (given: ReadonlyPartialJSONObject) => Partial<T>;

/**
 * A record of what is shown, as useState holds it, which is back after a reload and stands in the document's link. `plain` and `read` must be the same
 * throughout; every name belongs to one such record of a document.
 */
export function useKept<T extends object>(plain: T, read: Read<T>): [T, (changes: Partial<T>) => void] {
  const view = useContext(ViewContext);
  const latest = useRef({ plain, read });
  const asked = (): T => ({ ...latest.current.plain, ...latest.current.read(view?.values ?? {}) });
  const [value, setValue] = useState(asked);
  useEffect(() => {
    const follow = () => setValue(asked());
    view?.askedAnew.connect(follow);
    // it may have been asked anew between drawing and here
    setValue((drawn) => (JSON.stringify(drawn) === JSON.stringify(asked()) ? drawn : asked()));
    return () => void view?.askedAnew.disconnect(follow);
  }, [view]);
  const change = useCallback(
    (changes: Partial<T>) => {
      setValue((old) => ({ ...old, ...changes }));
      view?.keep(differing(changes, latest.current.plain));
    },
    [view],
  );
  return [value, change];
}

/** One text that is kept, as the name of a tab. */
export function useKeptText(name: string, plain: string): [string, (text: string) => void] {
  const [value, change] = useKept({ [name]: plain }, (given) => {
    const text = given[name];
    return typeof text === "string" ? { [name]: text } : {};
  });
  return [value[name] ?? plain, (text) => change({ [name]: text })];
}

/** Has the document's link tell these values too; an open document keeps none of them. */
export function useInLink(values: PartialJSONObject): void {
  const view = useContext(ViewContext);
  useEffect(() => view?.tell(values));
}

function differing<T extends object>(changes: Partial<T>, plain: T): PartialJSONObject {
  const text = (value: unknown) => JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      text(value) === text(plain[name as keyof T]) ? undefined : (value as PartialJSONValue),
    ]),
  );
}
