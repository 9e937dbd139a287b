import { useEffect } from 'react';
import { Form, redirect, useNavigate } from 'react-router';
import { useAuth } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { errorResponse } from 'unexpired/server';
import { protocol, sessions } from '../sessions.server';
import type { Route } from './+types/sign-in';

export async function action({ request }: Route.ActionArgs) {
  const bot = String((await request.formData()).get('bot'));
  try {
    const { setCookie } = await sessions.signIn(createBotTokens(protocol, [bot]), request);
    return redirect('/', { headers: { 'set-cookie': setCookie } });
  } catch (error) {
    throw errorResponse(error);
  }
}

export default function SignIn() {
  const { status } = useAuth();
  const navigate = useNavigate();
  useEffect(() => {
    if (status === 'signedIn') void navigate('/');
  }, [status, navigate]);
  return (
    <Form method="post">
      <input name="bot" aria-label="Bot" defaultValue="ember" />
      <button>Sign in</button>
    </Form>
  );
}
