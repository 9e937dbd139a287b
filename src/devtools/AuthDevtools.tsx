import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import type { AuthClient } from '../core/auth-client.ts';
import type { ServerLane } from './model/server-lane.ts';
import { Badge } from './panel/Badge.tsx';
import { Panel } from './panel/Panel.tsx';
import { ShadowHost } from './panel/ShadowHost.tsx';
import { CSS } from './panel/styles.ts';
import { useRecorder } from './panel/use-recorder.ts';

/** The client to watch, and the place of the button. */
export interface AuthDevtoolsProps {
  readonly client: AuthClient;
  /** The corner of the button (`bottom-right`). The panel opens at the bottom. */
  readonly position?: 'bottom-left' | 'bottom-right';
  /** Whether the panel is open on the first render (`false`). */
  readonly initialOpen?: boolean;
  /** The instances of a server that keeps the session, if the app knows what they do. They are drawn below the tabs. */
  readonly servers?: readonly ServerLane[];
}

const NO_SERVERS: readonly ServerLane[] = [];

/**
 * Shows a session live: its state, its token's lifetime, and a timeline of all tabs. Renders nothing in a production build.
 *
 * No token appears in the DOM or in the log that can be copied.
 *
 * @param props the client to watch, and the place of the button
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
export function AuthDevtools({ client, position = 'bottom-right', initialOpen = false, servers = NO_SERVERS }: AuthDevtoolsProps): ReactElement | null {
  return <Devtools key={client.storageKey} {...{ client, position, initialOpen, servers }} />;
}

function Devtools({ client, position, initialOpen, servers }: Required<AuthDevtoolsProps>) {
  const recorder = useRecorder(client);
  const [open, setOpen] = useState(initialOpen);
  const badge = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);

  // Rendered at once, because the button is hidden while the panel is open and a hidden element cannot take the focus.
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
            <Panel client={client} recorder={recorder} onClose={() => show(false)} servers={servers} />
          </section>
        )}
      </div>
    </ShadowHost>
  );
}
