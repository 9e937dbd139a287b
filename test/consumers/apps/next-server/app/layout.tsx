import type { ReactNode } from 'react';
import { currentSession } from '../sessions';
import { Session } from './session';

export const metadata = { title: 'Consumer', icons: { icon: 'data:,' } };

export default async function Layout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  return (
    <html lang="en">
      <body><Session rendered={session.snapshot()}>{children}</Session></body>
    </html>
  );
}
