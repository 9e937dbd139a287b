export { oauth2, type OAuth2Config } from './protocols/oauth2/oauth2.ts';
