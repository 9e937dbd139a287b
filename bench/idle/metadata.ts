/** The metadata of the authorization server of an app. */
export function metadataOf(app: string) {
  const as = `${app}as`;
  return {
    issuer: as, authorization_endpoint: `${as}/authorize`, token_endpoint: `${as}/token`, end_session_endpoint: `${as}/logout`, revocation_endpoint: `${as}/revoke`, userinfo_endpoint: `${as}/userinfo`,
    jwks_uri: `${as}/jwks`, response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
  };
}
