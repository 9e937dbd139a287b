import type { ComponentProps } from 'react';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  /** True while its action is pending. */
  readonly busy?: boolean;
  /** The id of the text that says why it is disabled. */
  readonly whyNot?: string | undefined;
}

/** A button that keeps the focus while it is disabled, so that a keyboard user stays there and can read why. */
export function Button({ busy = false, whyNot, className = '', onClick, ...rest }: ButtonProps) {
  const off = busy || whyNot !== undefined;
  return (
    <button
      type="button"
      {...rest}
      className={`button ${className}`}
      aria-disabled={off}
      aria-busy={busy}
      aria-describedby={whyNot}
      onClick={off ? undefined : onClick}
    />
  );
}
