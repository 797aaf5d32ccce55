import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";

interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
  /** Stays there, unseen, while another tab is shown: what was typed into it is kept. */
  readonly isKept?: boolean;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly value?: string | undefined;
  readonly onChange?: ((id: string) => void) | undefined;
}

export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const control = value === undefined ? { defaultValue: tabs[0]?.id ?? "" } : { value };
  return (
    <Primitive.Root
      {...control}
      {...(onChange && { onValueChange: onChange })}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Primitive.List aria-label={label} className="flex shrink-0 gap-4 overflow-x-auto border-b px-4">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px border-b-2 border-transparent py-2 whitespace-nowrap text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content
          key={tab.id}
          value={tab.id}
          {...(tab.isKept === true && { forceMount: true as const })}
          className="min-h-0 flex-1 overflow-y-auto data-[state=inactive]:hidden"
        >
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
