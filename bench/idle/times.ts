/** How long a session lasts without activity, ms. oidc-spa asks for at least 45 s. */
export const IDLE_MS = 60_000;

/** The life of access tokens, ms. */
export const ACCESS_MS = 20_000;
