import type { Meta, StoryObj } from '@storybook/react-vite';
import { AuthProvider, useAuth } from 'unexpired';
import { expect } from 'storybook/test';
import { openScene } from '../support/scene.ts';

function Status() {
  return <p>{useAuth().status}</p>;
}

const meta: Meta = { title: 'States/Session' };
export default meta;

export const SignedOut: StoryObj = {
  beforeEach({ msw, loaded }) {
    const scene = openScene({});
    msw.use(...scene.handlers);
    Object.assign(loaded, { scene });
    return scene.close;
  },
  render: (_args, { loaded }) => (
    <AuthProvider client={(loaded['scene'] as ReturnType<typeof openScene>).auth}>
      <Status />
    </AuthProvider>
  ),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('signedOut')).toBeVisible();
  },
};
