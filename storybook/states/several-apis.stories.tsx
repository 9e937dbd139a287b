import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect } from 'storybook/test';
import { AuthError } from 'unexpired';
import { createApisAtHand, FILES, MAIL, POSTS, type ApisAtHand } from '../support/apis-at-hand.ts';

function Calls({ auth, log }: ApisAtHand) {
  const [, setCount] = useState(0);
  const call = async (address: string) => {
    await auth.fetch(address).catch((error: unknown) => log.push(AuthError.is(error) ? `${error.code} (${error.apiCode})` : 'failed'));
    setCount((count) => count + 1);
  };
  return (
    <>
      {[`${POSTS}/posts`, `${FILES}/report`, `${MAIL}/inbox`].map((address) => (
        <button key={address} onClick={() => void call(address)}>{address.replace('https://', '')}</button>
      ))}
      <ol aria-label="Requests">{log.map((line, index) => <li key={index}>{line}</li>)}</ol>
    </>
  );
}

/** Each API gets an access token of its own. All of them come from the one refresh token of the session. */
const meta: Meta = {
  title: 'States/Several APIs',
  loaders: [async () => ({ apis: await createApisAtHand() })],
  render: (_args, { loaded }) => <Calls {...(loaded['apis'] as ApisAtHand)} />,
};
export default meta;

type Story = StoryObj;

/** The first call to an API requests its token. The next call has it. */
export const TokenForEach: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: /posts/ }));
    await expect(await canvas.findByText('api.example.com/posts got Bearer posts-1')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: /report/ }));
    await expect(await canvas.findByText('files.example.com/report got Bearer files-2')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: /report/ }));
    await expect(await canvas.findAllByText(/got Bearer files-2/)).toHaveLength(2);
    await expect(canvas.getAllByText('token request for files')).toHaveLength(1);
  },
};

/** The authorization server gives no token for one API. Calls to the others go on. */
export const RefusedForOne: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: /inbox/ }));
    await expect(await canvas.findByText('grant_refused (access_denied)')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: /report/ }));
    await expect(await canvas.findByText(/files.example.com\/report got Bearer files-/)).toBeVisible();
  },
};
