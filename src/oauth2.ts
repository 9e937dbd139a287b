export { oauth2, type OAuth2Config, type OAuth2Protocol } from './protocols/oauth2/oauth2.ts';
export { fromTokenResponse, type TokenResponse } from './protocols/oauth2/token-response.ts';
