import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import type { AuthClient } from '../core/auth-client.ts';
import { Badge } from './panel/Badge.tsx';
import { Panel } from './panel/Panel.tsx';
import { ShadowHost } from './panel/ShadowHost.tsx';
import { CSS } from './panel/styles.ts';
import { useRecorder } from './panel/use-recorder.ts';

/** Which client to watch, and where the button is. */
export interface AuthDevtoolsProps {
  readonly client: AuthClient;
  /** The corner of the button; the panel is at the bottom (`bottom-right`). */
  readonly position?: 'bottom-left' | 'bottom-right';
  /** Whether the panel is open at first (`false`). */
  readonly initialOpen?: boolean;
}

/**
 * A button and a panel that show a session live: its state, its token's life, and a timeline of all tabs. Nothing in a production build.
 *
 * No token gets into the DOM, and the log that can be copied holds none.
 *
 * @param props the client, and where the button is
 * @example
 * ```tsx
 * import { AuthProvider, createAuthClient } from 'unexpired';
 * import { bonfire } from 'unexpired/bonfire';
 * import { AuthDevtools } from 'unexpired/devtools';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const app = (
 *   <AuthProvider client={auth}>
 *     <AuthDevtools client={auth} />
 *   </AuthProvider>
 * );
 * ```
 */
export function AuthDevtools({ client, position = 'bottom-right', initialOpen = false }: AuthDevtoolsProps): ReactElement | null {
  return <Devtools key={client.storageKey} {...{ client, position, initialOpen }} />;
}

function Devtools({ client, position, initialOpen }: Required<AuthDevtoolsProps>) {
  const recorder = useRecorder(client);
  const [open, setOpen] = useState(initialOpen);
  const badge = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);

  // The button is hidden while the panel is open, and what is hidden takes no focus.
  function show(isOpen: boolean): void {
    flushSync(() => setOpen(isOpen));
    (isOpen ? panel : badge).current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') show(false);
  }

  return (
    <ShadowHost css={CSS}>
      <div className="root" data-position={position}>
        <Badge buttonRef={badge} client={client} open={open} onToggle={() => show(!open)} />
        {open && (
          <section ref={panel} id="panel" className="panel" tabIndex={-1} aria-label="Session devtools" onKeyDown={onKeyDown}>
            <Panel client={client} recorder={recorder} onClose={() => show(false)} />
          </section>
        )}
      </div>
    </ShadowHost>
  );
}
