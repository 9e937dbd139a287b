import type { ReactNode } from 'react';

/** Shows an example's file as the story's code. */
export function codeOf(code: string) {
  return { docs: { source: { code, language: 'tsx' } } };
}

/** A card with an example in it. */
export function Example({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
