import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { buttonClass } from "./button.tsx";
import { cn } from "./class-names.ts";

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string | undefined;
  readonly children: ReactNode;
  readonly isWide?: boolean;
  /** Something was written in it: only a button closes it, and neither Escape nor a click beside it. */
  readonly isHeld?: boolean;
}

/** A window over the page: it holds the focus, and Escape closes it unless it is held. */
export function Dialog({ isOpen, onClose, title, description, children, isWide = false, isHeld = false }: DialogProps) {
  const keepOpen = (event: Event): void => {
    if (isHeld) event.preventDefault();
  };
  return (
    <Primitive.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Primitive.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          onEscapeKeyDown={keepOpen}
          onPointerDownOutside={keepOpen}
          className={cn(
            "card fixed top-1/2 left-1/2 z-50 flex max-h-[90dvh] w-[calc(100vw-2rem)] -translate-1/2 flex-col gap-3 p-4 shadow-2xl",
            isWide ? "max-w-3xl" : "max-w-md",
          )}
        >
          <div className="flex items-start justify-between gap-4">
            <Primitive.Title className="text-sm font-semibold">{title}</Primitive.Title>
            <Primitive.Close aria-label="Close" className={cn(buttonClass("quiet", "icon"), "-m-1 size-6")}>
              <X />
            </Primitive.Close>
          </div>
          {description !== undefined && (
            <Primitive.Description className="text-ink-soft">{description}</Primitive.Description>
          )}
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
