export { renderWithAuth, type RenderWithAuthOptions, type RenderWithAuthResult } from './testing/react/render-with-auth.tsx';
