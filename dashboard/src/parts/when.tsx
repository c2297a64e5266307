import { formatExact, formatWhen } from "../model/time";

/** A moment in the reader's zone, exact on hover. */
export function When({ time }: { time: string }) {
  return (
    <time dateTime={time} title={formatExact(time)}>
      {formatWhen(time, Date.now())}
    </time>
  );
}
