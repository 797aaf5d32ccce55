import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Window } from "happy-dom";
import { createElement, type FunctionComponent } from "react";

/** A page in a document of its own, in which React runs as in a browser. */
export interface ReactPage extends AsyncDisposable {
  /** What a reader sees. */
  text(): string;
  click(label: string): void;
  /** Takes the component off the page. */
  unmount(): void;
}

/** Shows a component. Only `window` and `document` are the page's: all else, such as `fetch`, stays Node's. */
export async function openPage(component: FunctionComponent): Promise<ReactPage> {
  const window = new Window();
  const globals = { window, document: window.document };
  Object.assign(globalThis, globals);
  // React looks for a document when it is loaded.
  const { createRoot } = await import("react-dom/client");
  const container = window.document.createElement("div");
  window.document.body.append(container);
  const root = createRoot(container);
  const queries = new QueryClient();
  root.render(createElement(QueryClientProvider, { client: queries }, createElement(component)));
  return {
    text: () => container.textContent,
    click: (label) => [...container.querySelectorAll("button")].find((button) => button.textContent === label)?.click(),
    unmount: () => root.unmount(),
    [Symbol.asyncDispose]: async () => {
      root.unmount();
      queries.clear();
      await window.happyDOM.close();
      for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
    },
  };
}
