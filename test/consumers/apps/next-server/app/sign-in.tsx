'use client';

import { useState } from 'react';
import { useAuth } from 'unexpired';
import { serverSignIn } from 'unexpired/via-server';
import { protocol } from './protocol';

export function SignIn() {
  const { signIn } = useAuth();
  const [problem, setProblem] = useState('');
  const enter = () => signIn(serverSignIn(protocol, { bot: 'ember' })).catch((error: Error) => setProblem(error.message));
  return <><button onClick={() => void enter()}>Sign in</button> <p role="alert">{problem}</p></>;
}
