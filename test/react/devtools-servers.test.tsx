import { act, cleanup, render, within } from '@testing-library/react';
import { AuthDevtools, type ServerLane } from 'unexpired/devtools';
import { afterEach, expect, it } from 'vitest';
import { createSetup } from '../support/setup.ts';

afterEach(cleanup);

/** Opens the devtools of a page whose app knows some instances of its server. Times are seconds before now. */
async function open(servers: (at: (secondsAgo: number) => number) => readonly ServerLane[]) {
  const setup = createSetup();
  const { auth } = setup.open();
  await setup.signIn(auth);
  const { container } = render(<AuthDevtools client={auth} initialOpen servers={servers((seconds) => setup.world.now() - seconds * 1000)} />);
  await act(() => setup.world.advance(300));
  const root = container.querySelector('[data-unexpired-devtools]')!.shadowRoot!;
  const timeline = within(within(root as unknown as HTMLElement).getByRole('group', { name: /^Timeline of all tabs/ }));
  const barsOf = (name: string) => [...timeline.getByRole('region', { name }).querySelectorAll('.bar')].map(({ className }) => className.replace('bar bar-', ''));
  return { root, timeline, barsOf };
}

it('draws a lane for each instance of the server, below the tabs', async () => {
  const { timeline, barsOf, root } = await open((at) => [
    { name: 'Instance 1', spans: [{ kind: 'request', from: at(20), until: at(19) }, { kind: 'refresh', from: at(19), until: at(18) }, { kind: 'request', from: at(5), until: at(4), isGood: false }] },
    { name: 'Instance 2', spans: [{ kind: 'request', from: at(300), until: at(299) }, { kind: 'down', from: at(3), until: null }] },
  ]);
  expect(timeline.getAllByRole('region').map((lane) => lane.getAttribute('aria-label'))).toEqual(['this tab', 'Instance 1', 'Instance 2']);
  expect(barsOf('Instance 1')).toEqual(['call', 'sent', 'failed']);
  expect(barsOf('Instance 2')).toEqual(['down']);
  expect(timeline.getByRole('region', { name: 'Instance 1' }).textContent).toBe('Instance 1 2 requests, 1 refresh');
  expect(timeline.getByRole('region', { name: 'Instance 2' }).textContent).toBe('Instance 2 stopped');
  expect(root.querySelector('.legend')?.textContent).toContain('server stopped');
});

it('draws only the tabs if the app knows no instances', async () => {
  const { timeline, root } = await open(() => []);
  expect(timeline.getAllByRole('region')).toHaveLength(1);
  expect(root.querySelector('.legend')?.textContent).not.toContain('server stopped');
});
