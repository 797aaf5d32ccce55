import { memo, type ReactNode, useState } from "react";
import { cn } from "../ui/class-names.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { toValueText } from "./value-text.ts";

/** Members of a collection that are shown at once; more would make the page heavy. */
const SHOWN_MEMBERS = 200;

interface ValueViewProps {
  readonly value: unknown;
  readonly label: string;
}

/** A value as a tree. Dates, maps, sets and bigints show as what they are. The same value is not drawn twice. */
export const ValueView = memo(function ValueTree({ value, label }: ValueViewProps) {
  return (
    <div className="card relative overflow-hidden bg-sunken">
      <div className="absolute top-1 right-1">
        <CopyButton getText={() => toValueText(value)} label={`Copy ${label}`} />
      </div>
      <div
        role="region"
        aria-label={label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto p-2.5 pr-9 font-mono text-xs leading-5 break-words"
      >
        <Node value={value} depth={0} />
      </div>
    </div>
  );
});

interface NodeProps {
  readonly value: unknown;
  readonly depth: number;
  readonly name?: ReactNode;
}

function Node({ value, depth, name }: NodeProps) {
  const collection = toCollection(value);
  if (collection === null || collection.members.length === 0) {
    return (
      <div className="pl-4">
        {name}
        {collection === null ? <Leaf value={value} /> : <span className="text-ink-faint">{collection.label}</span>}
      </div>
    );
  }
  return <Members collection={collection} depth={depth} name={name} />;
}

interface MembersProps extends Omit<NodeProps, "value"> {
  readonly collection: Collection;
}

/** What it holds is there once it is opened: of a large value that is a small part. */
function Members({ collection: { label, members }, depth, name }: MembersProps) {
  const [isOpen, setOpen] = useState(depth < 3 && members.length <= 50);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)} className="pl-4">
      <summary className="-ml-4 cursor-pointer list-item list-inside marker:text-ink-faint">
        {name}
        <span className="text-ink-faint">{label}</span>
      </summary>
      {isOpen && <MemberList members={members} depth={depth} />}
    </details>
  );
}

interface MemberListProps {
  readonly members: Collection["members"];
  readonly depth: number;
}

function MemberList({ members, depth }: MemberListProps) {
  return (
    <>
      {members.slice(0, SHOWN_MEMBERS).map(([key, member]) => (
        <Node key={key} value={member} depth={depth + 1} name={<MemberName name={key} />} />
      ))}
      {members.length > SHOWN_MEMBERS && (
        <div className="pl-4 text-ink-faint">and {members.length - SHOWN_MEMBERS} more: copy to see all</div>
      )}
    </>
  );
}

function MemberName({ name }: { readonly name: string }) {
  return <span className="text-ink-soft">{name}: </span>;
}

function Leaf({ value }: { readonly value: unknown }) {
  if (typeof value === "string")
    return <span className="whitespace-pre-wrap text-success">{JSON.stringify(value)}</span>;
  if (value instanceof Date) {
    return (
      <span className="text-waiting">
        Date <span className="font-medium">{value.toISOString()}</span>
      </span>
    );
  }
  const isNothing = value === null || value === undefined;
  const text = typeof value === "bigint" ? `${value}n` : String(value);
  return <span className={cn(isNothing ? "text-ink-faint" : "text-executing")}>{text}</span>;
}

interface Collection {
  readonly label: string;
  readonly members: readonly (readonly [string, unknown])[];
}

function toCollection(value: unknown): Collection | null {
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof RegExp) return null;
  if (value instanceof URL) return null;
  if (Array.isArray(value)) return { label: `[${value.length}]`, members: Object.entries(value) };
  if (value instanceof Set) return { label: `Set(${value.size})`, members: Object.entries([...value]) };
  if (value instanceof Map) {
    return { label: `Map(${value.size})`, members: [...value].map(([key, member]) => [nameOf(key), member]) };
  }
  if (ArrayBuffer.isView(value)) return { label: `${value.constructor.name}(${value.byteLength} bytes)`, members: [] };
  const members = Object.entries(value);
  return { label: value instanceof Error ? value.name : `{${members.length}}`, members };
}

function nameOf(key: unknown): string {
  return typeof key === "string" ? key : toValueText(key);
}
