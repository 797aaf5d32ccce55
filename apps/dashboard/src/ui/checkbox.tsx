import { Check, Minus } from "lucide-react";
import { Checkbox as Primitive } from "radix-ui";

interface CheckboxProps {
  readonly isChecked: boolean | "indeterminate";
  readonly onChange: (isChecked: boolean) => void;
  readonly label: string;
  readonly id?: string | undefined;
  readonly isDisabled?: boolean;
}

export function Checkbox({ isChecked, onChange, label, id, isDisabled = false }: CheckboxProps) {
  return (
    <Primitive.Root
      {...(id !== undefined && { id })}
      checked={isChecked}
      disabled={isDisabled}
      onCheckedChange={(next) => onChange(next === true)}
      onClick={(event) => event.stopPropagation()}
      aria-label={label}
      className="flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-ink-faint bg-surface text-white data-[state=checked]:border-accent-fill data-[state=checked]:bg-accent-fill data-[state=indeterminate]:border-accent-fill data-[state=indeterminate]:bg-accent-fill"
    >
      <Primitive.Indicator>
        {isChecked === "indeterminate" ? <Minus className="size-3" /> : <Check className="size-3" />}
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
