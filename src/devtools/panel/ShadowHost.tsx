import { useCallback, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

interface ShadowHostProps {
  readonly css: string;
  readonly children: ReactNode;
}

/** Isolates the panel's styles from the app's. A constructed style sheet works without `style-src 'unsafe-inline'`. */
export function ShadowHost({ css, children }: ShadowHostProps) {
  const [root, setRoot] = useState<ShadowRoot | null>(null);
  const attach = useCallback(
    (host: HTMLDivElement | null) => {
      if (!host) return;
      const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
      if (shadow.adoptedStyleSheets?.length === 0) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        shadow.adoptedStyleSheets = [sheet];
      }
      setRoot(shadow);
    },
    [css],
  );
  return (
    <div ref={attach} data-unexpired-devtools="">
      {root && createPortal(children, root)}
    </div>
  );
}
