/** Keys of the whole page. */

import { useEffect, useRef } from "preact/hooks";

export type KeyActions = Partial<Record<string, () => void>>;

/** Calls the action of a pressed key, unless the reader types text or holds a modifier. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const act = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]") !== null) return; // it has the keys
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if ((event.key === "Enter" || event.key === " ") && isPressable(event.target)) return;
      const action = latest.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", act);
    return () => document.removeEventListener("keydown", act);
  }, []);
}

/** Enter and the space bar on a link or a button are its own. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("a, button, summary") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
