import type { Virtualizer } from "@tanstack/react-virtual";

/**
 * Tells a virtualizer where its element is scrolled to. Unlike TanStack's own it never draws inside the event: where two of them follow one
 * element, as here down and across, the second would make the browser lay out what the first has drawn.
 */
export function followOffset(
  { scrollElement, options }: Virtualizer<HTMLDivElement, Element>,
  tell: (offset: number, isScrolling: boolean) => void,
): (() => void) | undefined {
  if (!scrollElement) return;
  const follow = () => tell(options.horizontal ? scrollElement.scrollLeft : scrollElement.scrollTop, false);
  follow();
  scrollElement.addEventListener("scroll", follow, { passive: true });
  return () => scrollElement.removeEventListener("scroll", follow);
}
