import { StrictMode, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { AuthProvider, createAuthClient, SignedIn, useAccessToken, useAuth, useAuthedFetch } from 'unexpired';
import { offerEndurance } from './endurance.ts';
import { countHandles } from './handles.ts';
import { localConfig, someTokens } from './local-client.ts';

const handles = countHandles();
const client = createAuthClient(localConfig());
void client.signIn(someTokens(0));

function Reader(): ReactElement {
  const { status } = useAuth();
  const { expiresAt } = useAccessToken();
  const authedFetch = useAuthedFetch();
  return <SignedIn>{`${status} ${expiresAt} ${typeof authedFetch}`}</SignedIn>;
}

const container = document.getElementById('root') as HTMLElement;

async function mountAndUnmount(provider: ReactElement): Promise<void> {
  const root = createRoot(container);
  flushSync(() => root.render(<StrictMode>{provider}</StrictMode>));
  await turn();
  flushSync(() => root.unmount());
  await turn();
}

/** Waits for React's effects and the microtasks after them. A timer would be throttled. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

offerEndurance(handles, {
  mountWithClient: () => mountAndUnmount(<AuthProvider client={client}><Reader /></AuthProvider>),
  mountWithConfig: () => mountAndUnmount(<AuthProvider config={localConfig()}><Reader /></AuthProvider>),
});
