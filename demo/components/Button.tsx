import type { ComponentProps } from 'react';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  /** Whether what it does is under way. */
  readonly busy?: boolean;
  /** The id of the words that say why it cannot be pressed. */
  readonly whyNot?: string | undefined;
}

/** A button. It keeps the focus when it cannot be pressed: a keyboard stays where it is, and hears why. */
export function Button({ busy = false, whyNot, className = '', onClick, ...rest }: ButtonProps) {
  const off = busy || whyNot !== undefined;
  return (
    <button type="button" {...rest} className={`button ${className}`} aria-disabled={off} aria-describedby={whyNot} onClick={off ? undefined : onClick} />
  );
}
