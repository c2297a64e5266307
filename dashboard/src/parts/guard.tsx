import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { Notice } from "./notice";

/** When a view fails, the frame around it stays and says so, instead of a page that is blank. */
export function Guard({ children, as: Frame = "main" }: { children: ComponentChildren; as?: "main" | "div" }) {
  const [error, reset] = useErrorBoundary() as [Error | undefined, () => void];
  if (error === undefined) return <>{children}</>;
  return (
    <Frame>
      <Notice isAlone={Frame === "main"} title="This view failed">
        <p role="alert">That is a fault of the page, not of your data: {error.message}</p>
        <button type="button" class="btn" onClick={reset}>
          Try again
        </button>
      </Notice>
    </Frame>
  );
}
