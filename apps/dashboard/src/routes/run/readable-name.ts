/** A key that is an array stands in a name as JSON: people read its parts with a dot between them. */
export function readableName(name: string): string {
  const at = name.indexOf("[");
  if (at === -1 || !name.endsWith("]")) return name;
  try {
    const parts: unknown = JSON.parse(name.slice(at));
    if (!Array.isArray(parts)) return name;
    return (
      name.slice(0, at) + parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" · ")
    );
  } catch {
    return name; // A name that only looks like one of ours.
  }
}
