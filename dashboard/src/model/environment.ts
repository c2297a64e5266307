/** The host environment as rows of text: same keys as the SDK gathers, unknown ones too. */

import type { Json, JsonObject } from "../api/types";
import { isObject } from "./messages";

export interface Fact {
  name: string;
  value: string;
}

export interface FactGroup {
  name: string;
  facts: Fact[];
}

/** One group per key; a value that is not an object is the one fact of its group. Packages are a group like the others. */
export function groupsOf(host: JsonObject): FactGroup[] {
  return Object.entries(host)
    .map(([name, value]) => ({ name, facts: factsOf(unwrap(name, value), "") }))
    .filter((group) => group.facts.length > 0);
}

/** The few facts that a glance needs, in order, of those that are there. */
export function glanceOf(host: JsonObject): Fact[] {
  const at = (...path: string[]) =>
    path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), host);
  const facts: [string, Json | undefined][] = [
    ["Host", at("OS", "Hostname")],
    ["System", join(at("OS", "OS"), at("OS", "OS Release"))],
    ["Python", at("SDK", "Python Version")],
    ["SDK", at("SDK", "AgentOps SDK Version")],
    ["CPU", join(at("CPU", "Total cores"), "cores")],
    ["Memory", at("RAM", "Total")],
    ["Directory", at("Project Working Directory", "Project Working Directory") ?? at("Project Working Directory")],
    ["Environment", at("Virtual Environment", "Virtual Environment") ?? at("Virtual Environment")],
  ];
  return facts.flatMap(([name, value]) => (isPlain(value) ? [{ name, value: String(value) }] : []));
}

/** The SDK wraps some groups in an object with the group's own name. */
function unwrap(name: string, value: Json): Json {
  return isObject(value) && Object.keys(value).length === 1 ? (value[name] ?? value) : value;
}

function factsOf(value: Json, name: string): Fact[] {
  if (value === null || value === "") return [];
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) => factsOf(inner, name === "" ? key : `${name} · ${key}`));
  }
  if (Array.isArray(value))
    return [{ name, value: value.map((item) => (isPlain(item) ? String(item) : JSON.stringify(item))).join(", ") }];
  return [{ name, value: String(value) }];
}

function join(left: Json | undefined, right: Json | undefined): string | undefined {
  return isPlain(left) && isPlain(right) ? `${left} ${right}` : isPlain(left) ? String(left) : undefined;
}

function isPlain(value: Json | undefined): value is string | number | boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "boolean";
}
