/** Marks of found words. The browser paints them; no element is made for them, so that whatever draws the text needs not know. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { findWords } from "../model/marks";

const NAME = "found";
const MOST_MARKS = 1_000;

/** Marks the words in what the element shows now and later; the first one comes into view whenever `key` is another one. */
export function useHighlight(element: RefObject<HTMLElement>, text: string, key: string): void {
  useEffect(() => {
    const root = element.current;
    if (root === null || text.trim() === "" || !("highlights" in CSS)) return;
    let isShown = false;
    const mark = () => {
      const ranges = rangesIn(root, text);
      CSS.highlights.set(NAME, new Highlight(...ranges));
      const first = ranges[0]?.startContainer.parentElement;
      if (isShown || first == null) return;
      isShown = true;
      first.scrollIntoView({ block: "nearest" });
    };
    const observer = new MutationObserver(mark);
    observer.observe(root, { characterData: true, childList: true, subtree: true, attributeFilter: ["open"] });
    mark();
    return () => {
      observer.disconnect();
      CSS.highlights.delete(NAME);
    };
  }, [text, key]);
}

function rangesIn(root: HTMLElement, text: string): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && ranges.length < MOST_MARKS; node = walker.nextNode()) {
    for (const [start, end] of findWords(node.nodeValue ?? "", text)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  return ranges;
}
