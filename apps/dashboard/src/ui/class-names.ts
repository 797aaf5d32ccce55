import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

/** Joins class names; of two that contradict each other the later one holds. */
export function cn(...parts: ClassValue[]): string {
  return twMerge(clsx(parts));
}
