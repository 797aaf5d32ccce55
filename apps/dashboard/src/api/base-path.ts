/** Below which path the server is reached, without the slash at its end: "" or such as "/beckon". */
export const BASE_PATH = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");
