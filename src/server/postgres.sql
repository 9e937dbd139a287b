-- The sessions of unexpired/server. One row is one session.
CREATE TABLE IF NOT EXISTS "unexpired_sessions" (
  key text PRIMARY KEY,
  text text NOT NULL,
  etag text NOT NULL,
  owner text,
  lease_until timestamptz,
  subject text,
  created_at timestamptz NOT NULL,
  used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS "unexpired_sessions_subject" ON "unexpired_sessions" (subject) WHERE subject IS NOT NULL;
CREATE INDEX IF NOT EXISTS "unexpired_sessions_expires" ON "unexpired_sessions" (expires_at);
