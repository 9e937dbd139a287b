import { Component, type ReactNode } from 'react';
import { AuthError } from 'unexpired';

/** An error boundary that shows the code of the error, and a button that resets it. */
export class Boundary extends Component<{ children: ReactNode; onReset?: () => void }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError = (error: unknown) => ({ error });
  retry = () => {
    this.props.onReset?.();
    this.setState({ error: null });
  };
  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <button onClick={this.retry}>{AuthError.is(error) ? error.code : String(error)}</button>;
  }
}
