/** What a field of a form holds, without blanks around it; empty for one that is not there. */
export function readField(form: EventTarget | null, name: string): string {
  if (!(form instanceof HTMLFormElement)) return "";
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}
