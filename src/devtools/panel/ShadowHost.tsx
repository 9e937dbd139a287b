import { useCallback, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

interface ShadowHostProps {
  readonly css: string;
  readonly children: ReactNode;
}

/** Keeps the app's styles out, and ours in; a constructed style sheet needs no `style-src 'unsafe-inline'`. */
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
