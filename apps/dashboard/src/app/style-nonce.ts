/** The nonce under which the page's policy lets scripts add styles; "" in development, which has no policy. */
export function readStyleNonce(): string {
  return document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

/** Radix asks this global, by its bundler's name, for the nonce of the style it adds while a dialog is open. */
export function allowOwnStyles(): void {
  Object.assign(globalThis, { __webpack_nonce__: readStyleNonce() });
}
