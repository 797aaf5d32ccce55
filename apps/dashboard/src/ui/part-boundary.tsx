import { Component, type ReactNode } from "react";

interface PartBoundaryProps {
  /** What is shown in its place. */
  readonly renderInstead: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}

interface PartState {
  readonly failure: { readonly error: unknown } | null;
}

/**
 * Around a part of a page that is fetched by itself: a newer server no longer has the file. Without this the whole page
 * would be replaced, and with it what was being written there. A class, since React catches with nothing else.
 */
export class PartBoundary extends Component<PartBoundaryProps, PartState> {
  static getDerivedStateFromError(error: unknown): PartState {
    return { failure: { error } };
  }

  override readonly state: PartState = { failure: null };

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === null ? this.props.children : this.props.renderInstead(failure.error);
  }
}
