import type { Json } from "../api/types";
import { JsonTree } from "./json_tree";
import { JsonView } from "./json_view";

/** What an event carries: text as text, anything with parts as a tree. */
export function Payload({ value, label }: { value: Json; label: string }) {
  if (typeof value === "object" && value !== null) return <JsonTree value={value} label={label} />;
  return <JsonView value={value} label={label} />;
}
