import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { readStyleNonce } from "../app/style-nonce.ts";
import { editorColors, editorLook } from "./editor-look.ts";
import { type PathProblem, toDiagnostics } from "./path-ranges.ts";

export interface JsonEditorProps {
  readonly text: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** What is wrong, and where in the value. */
  readonly problems?: readonly PathProblem[];
}

/** A JSON editor. The text is the owner's: one that is given anew replaces what is shown. */
export function JsonEditor({ text, label, onChange, problems = [] }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ text, onChange });
  useEffect(() => {
    latest.current = { text, onChange };
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          ...extensionsOf(label),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const diagnostics: readonly Diagnostic[] = toDiagnostics(editor.state, problems);
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- where a problem lies in the text changes with the text
  }, [problems, text]);
  return <div ref={host} className="card overflow-hidden focus-within:border-accent" />;
}

function extensionsOf(label: string) {
  return [
    EditorView.cspNonce.of(readStyleNonce()),
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    json(),
    syntaxHighlighting(editorColors),
    editorLook,
    // ⌘/Ctrl+Enter belongs to the page, and Tab to those who move by keyboard.
    keymap.of([...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap]),
    EditorView.contentAttributes.of({ "aria-label": label }),
  ];
}
