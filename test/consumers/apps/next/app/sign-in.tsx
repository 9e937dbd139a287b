'use client';

import { useAuth } from 'unexpired';
import { protocol } from './protocol';

export function SignIn() {
  const { signIn } = useAuth();
  return <button onClick={() => void signIn(protocol.createBotTokens(['ember']))}>Sign in</button>;
}
