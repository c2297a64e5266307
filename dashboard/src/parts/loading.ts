import { useEffect, useState } from "preact/hooks";
import { type ApiError, asApiError, isAbort } from "../api/client";

export interface Loaded<T> {
  value: T | null;
  error: ApiError | null;
  reload: () => void;
}

/** Whether there is something to show: what was read, or why it could not be. */
export function isAnswered({ value, error }: Loaded<unknown>): boolean {
  return value !== null || error !== null;
}

/** Reads something whenever `key` changes; what was read before stays until the next is there. */
export function useLoaded<T>(read: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const load = async () => {
      try {
        setValue(await read(abort.signal));
        setError(null);
      } catch (reason) {
        if (!isAbort(reason)) setError(asApiError(reason));
      }
    };
    void load();
    return () => abort.abort();
  }, [key, attempt]);
  return { value, error, reload: () => setAttempt((count) => count + 1) };
}
