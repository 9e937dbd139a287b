export { oauth2, type OAuth2Config } from './protocols/oauth2/oauth2.ts';
export { tokenSetOf, type TokenAnswer } from './protocols/oauth2/token-answer.ts';
