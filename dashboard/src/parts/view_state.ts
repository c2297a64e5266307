import { useEffect, useMemo, useState } from "preact/hooks";

/** Makes a feed for `key`, and ends it when the key changes or the view goes. */
export function useFeed<T extends { stop: () => void }>(make: () => T, key: string): T {
  const feed = useMemo(make, [key]);
  useEffect(() => () => feed.stop(), [feed]);
  return feed;
}

export function useMedia(query: string): boolean {
  const media = useMemo(() => window.matchMedia(query), [query]);
  const [matches, setMatches] = useState(media.matches);
  useEffect(() => {
    const update = () => setMatches(media.matches);
    update();
    media.addEventListener("change", update);
    return () => media.removeEventListener("change", update);
  }, [media]);
  return matches;
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "AgentOps" : `${title} · AgentOps`;
  }, [title]);
}
