export type { StartOptions } from './redirect/authorization-request.ts';
export type { RedirectEndpoints, RedirectSignInConfig } from './redirect/config.ts';
export { createRedirectSignIn, type FinishedSignIn, type PageLocation, type RedirectSignIn } from './redirect/create-redirect-sign-in.ts';
export { browserWindow, type PopupWindow, type SignInWindow } from './redirect/sign-in-window.ts';
