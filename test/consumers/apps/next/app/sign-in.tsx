'use client';

import { useState } from 'react';
import { useAuth } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { protocol } from './protocol';

export function SignIn() {
  const { signIn } = useAuth();
  const [problem, setProblem] = useState('');
  const enter = () => signIn(createBotTokens(protocol, ['ember'])).catch((error: Error) => setProblem(error.message));
  return <><button onClick={() => void enter()}>Sign in</button> <p role="alert">{problem}</p></>;
}
