import {
  Braces,
  Building2,
  CreditCard,
  FileText,
  GitBranch,
  Mail,
  MessageSquare,
  Plane,
  ShoppingCart,
  User,
  Webhook,
} from "lucide-react";

/** Icons that examples name; brands are told by what they are for. */
const ICONS: Readonly<Record<string, typeof Braces>> = {
  github: GitBranch,
  gitlab: GitBranch,
  stripe: CreditCard,
  card: CreditCard,
  slack: MessageSquare,
  discord: MessageSquare,
  mail: Mail,
  email: Mail,
  resend: Mail,
  sendgrid: Mail,
  user: User,
  company: Building2,
  file: FileText,
  webhook: Webhook,
  cart: ShoppingCart,
  shopify: ShoppingCart,
  plane: Plane,
};

export function ExampleIcon({ name }: { readonly name: string | null }) {
  const Icon = ICONS[name?.toLowerCase() ?? ""] ?? Braces;
  return <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />;
}
