import { type ComponentType, type ReactNode, use } from "react";

interface LazyPage {
  (): ReactNode;
  /** The router calls it when somebody goes there, or is about to. */
  readonly preload: () => Promise<void>;
}

/**
 * A page whose file is fetched when it is first gone to. Where that fails it is told in the page's place. The router's own
 * lazy pages load the document anew instead, since browsers remember that a file could not be fetched; while the server is
 * away that ends in a page of the browser's, and nothing is left that could come back.
 */
export function lazyPage<Name extends string>(
  load: () => Promise<Readonly<Record<Name, ComponentType>>>,
  name: Name,
): LazyPage {
  let page: Promise<ComponentType> | null = null;
  const read = async (): Promise<ComponentType> => (await load())[name];
  const Page = (): ReactNode => {
    const Shown = use((page ??= read()));
    return <Shown />;
  };
  const preload = async (): Promise<void> => {
    try {
      await (page ??= read());
    } catch {
      // Told once the page is drawn: it may never be, where somebody only came near a link.
    }
  };
  return Object.assign(Page, { preload });
}
