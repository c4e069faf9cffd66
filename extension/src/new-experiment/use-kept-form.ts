import { useContext, useEffect } from "react";
import { ViewContext } from "../use-kept";
import { contentOf, draftFrom, type TemplateContent } from "./template";
import type { Draft } from "./use-draft";

/** Writing rests so long before a form is kept. */
const restMs = 500;

/** Fills the form with what it held before a reload, or what a link holds, and keeps what is written into it. */
export function useKeptForm(draft: Draft, setDraft: (update: (now: Draft) => Draft) => void): void {
  const view = useContext(ViewContext);
  useEffect(() => {
    if (!view) return;
    const take = () => {
      const { form } = view.values;
      const isForm = typeof form === "object" && form !== null && !Array.isArray(form);
      if (isForm) setDraft((now) => draftFrom(form as TemplateContent, now));
    };
    take();
    view.askedAnew.connect(take);
    return () => void view.askedAnew.disconnect(take);
  }, [view]);
  useEffect(() => {
    if (!view) return;
    const wait = setTimeout(() => view.keep({ form: contentOf(draft) as never }), restMs);
    return () => clearTimeout(wait);
  }, [draft, view]);
}
