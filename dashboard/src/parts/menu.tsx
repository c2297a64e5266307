import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A button that opens a small panel; a click elsewhere, Escape, or a choice inside closes it, as does sending a form that says so. */
export function Menu({ label, children }: { label: ComponentChildren; children: ComponentChildren }) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const menu = details.current;
      if (menu?.open !== true) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        event.preventDefault();
        menu.querySelector("summary")?.focus();
      } else if (event.target instanceof Node && menu.contains(event.target)) return;
      menu.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close, true);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close, true);
    };
  }, []);
  return (
    <details class="menu" ref={details}>
      <summary class="btn">{label}</summary>
      <div
        class="panel"
        onSubmit={(event) => {
          if (event.target instanceof HTMLFormElement && "submitCloses" in event.target.dataset && details.current)
            details.current.open = false;
        }}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest("[data-closes]") !== null && details.current)
            details.current.open = false;
        }}
      >
        {children}
      </div>
    </details>
  );
}
