import { createFileRoute } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useAuth } from 'unexpired';
import { signInAs } from '../auth';

export const Route = createFileRoute('/sign-in')({ component: SignIn });

function SignIn() {
  const { status } = useAuth();
  const navigate = Route.useNavigate();
  useEffect(() => {
    if (status === 'signedIn') void navigate({ to: '/' });
  }, [status, navigate]);
  return <button onClick={() => void signInAs('ember')}>Sign in</button>;
}
