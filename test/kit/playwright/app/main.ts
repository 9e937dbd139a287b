import { createAuthClient, inCookie } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';

const usesCookie = location.pathname === '/cookie';
const auth = createAuthClient({
  protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key', ...(usesCookie && { refreshToken: inCookie(), signOutPath: '/sign-out' }) }),
});

const status = document.querySelector('#status');
const show = (text: string) => {
  if (status) status.textContent = text;
};

async function load(): Promise<void> {
  const response = await auth.fetch('/users/me');
  const { data } = (await response.json()) as { data: { attributes: { display_name: string } } };
  show(`Welcome back, ${data.attributes.display_name}`);
}

auth.subscribe(() => {
  const snapshot = auth.getSnapshot();
  if (snapshot.status === 'signedOut') show('Please sign in');
});
document.querySelector('#reload')?.addEventListener('click', () => void load());
document.querySelector('#leave')?.addEventListener('click', () => void auth.signOut());
await load().catch((error: unknown) => show(error instanceof Error ? error.name : String(error)));
if (auth.getSnapshot().status === 'signedOut') show('Please sign in');
