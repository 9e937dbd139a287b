import { NextResponse, type NextFetchEvent, type NextRequest } from 'next/server';
import { sessions } from './sessions';

/** Sends visitors to the sign-in page. The pages still check the session themselves. */
export async function proxy(request: NextRequest, event: NextFetchEvent) {
  const session = await sessions().of(request, event);
  if (session.snapshot().status === 'signedIn') return undefined;
  return NextResponse.redirect(new URL(`/sign-in?to=${encodeURIComponent(request.nextUrl.pathname)}`, request.url));
}

export const config = { matcher: ['/account'] };
