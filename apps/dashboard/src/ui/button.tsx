import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

const LOOKS = {
  plain: "border border-line-strong bg-surface hover:bg-sunken text-ink",
  primary: "border border-transparent bg-accent-fill text-white hover:brightness-110",
  danger: "border border-transparent bg-[#b3161d] text-white hover:brightness-110",
  quiet: "border border-transparent text-ink-soft hover:bg-sunken hover:text-ink",
} as const;

const SIZES = { md: "h-8 px-3 gap-1.5", sm: "h-7 px-2 gap-1 text-xs", icon: "size-8 shrink-0" } as const;

export type ButtonLook = keyof typeof LOOKS;

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: ButtonLook;
  readonly size?: keyof typeof SIZES;
}

/** How everything that is pressed looks, links included. */
export function buttonClass(look: ButtonLook = "plain", size: keyof typeof SIZES = "md"): string {
  return cn(
    "inline-flex items-center justify-center rounded-[7px] font-medium whitespace-nowrap transition-colors",
    "disabled:opacity-50 disabled:cursor-not-allowed [&_svg]:size-3.5 [&_svg]:shrink-0",
    LOOKS[look],
    SIZES[size],
  );
}

export function Button({ look, size, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cn(buttonClass(look, size), className)} {...rest} />;
}
