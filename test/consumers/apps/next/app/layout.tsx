import type { ReactNode } from 'react';
import { Session } from './session';

export const metadata = { title: 'Consumer', icons: { icon: 'data:,' } };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body><Session>{children}</Session></body>
    </html>
  );
}
