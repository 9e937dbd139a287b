import { memo, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import type { ApiAddress } from '../peers/peer.ts';
import type { Binding } from '../react/binding.ts';
import { LOADERS } from '../react/index.ts';
import type { BindingName } from '../react/names.ts';
import type { TokenAnswer } from '../server/family.ts';

const READERS = 1000;

/** How often components of each kind have rendered. */
export interface Renders {
  readonly callers: number;
  readonly statusReaders: number;
  readonly tokenReaders: number;
}

declare global {
  interface Window {
    signIn?: (tokens: TokenAnswer) => void | Promise<void>;
    mount?: () => void;
    renders?: () => Renders;
    /** Whether readers have the token. */
    isSettled?: () => boolean;
    refresh?: () => Promise<unknown>;
  }
}

const params = new URL(location.href).searchParams;
const api: ApiAddress = { origin: location.origin, base: location.origin + (params.get('world') ?? '') };
const { binding } = await LOADERS[params.get('peer') as BindingName]();
const counts = { callers: 0, statusReaders: 0, tokenReaders: 0 };
const tokensSeen = new Set<string>();

function rendered(kind: keyof typeof counts): void {
  counts[kind] += 1;
}

const Caller = memo(function Caller({ binding: { useCall } }: { readonly binding: Binding }) {
  useCall();
  rendered('callers');
  return null;
});

const StatusReader = memo(function StatusReader({ binding: { useStatus } }: { readonly binding: Binding }) {
  const isSignedIn = useStatus();
  rendered('statusReaders');
  return isSignedIn ? '1' : '0';
});

const TokenReader = memo(function TokenReader({ binding: { useToken } }: { readonly binding: Binding }) {
  const token = useToken();
  rendered('tokenReaders');
  if (token) tokensSeen.add(token);
  return null;
});

function Refresher({ binding: { useRefresh } }: { readonly binding: Binding }) {
  const refresh = useRefresh();
  useEffect(() => void (window.refresh = refresh), [refresh]);
  return null;
}

const Readers = memo(function Readers() {
  return Array.from({ length: READERS }, (_, index) => (
    <p key={index}>
      <Caller binding={binding} />
      <StatusReader binding={binding} />
      <TokenReader binding={binding} />
    </p>
  ));
});

window.signIn = (tokens) => binding.signIn(api, tokens);
window.renders = () => ({ ...counts });
window.isSettled = () => tokensSeen.size > 0;
window.mount = () => {
  createRoot(document.getElementById('root') as HTMLElement).render(
    <binding.Provider api={api}>
      <Refresher binding={binding} />
      <Readers />
    </binding.Provider>,
  );
};
