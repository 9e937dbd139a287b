'use client';

export { RedirectCallback, type FailedSignIn, type RedirectCallbackProps } from './redirect/react/RedirectCallback.tsx';
export { useSignIn, type SignInStart } from './redirect/react/use-sign-in.ts';
