/** The clock is that of Redis, in whole ms. Lua would write a large number as `1.7e+12`, so `text` writes all digits. */
const CLOCK = `
local key = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end`;

/** The row as `SessionRow` needs it, or `false`. A lease whose time is over is none. */
const SEEN = `${CLOCK}
local function seen()
  local row = redis.call('HMGET', key, 'text', 'etag', 'owner', 'until')
  if not row[2] then return false end
  local left = tonumber(row[4] or '0') - now
  if left <= 0 then return { row[1], row[2], '', 0, now } end
  return { row[1], row[2], row[3], left, now }
end`;

/** Arguments: text, etag, idleMs, absoluteMs, and the subject if there is one. */
export const INSERT = `${CLOCK}
if redis.call('EXISTS', key) == 1 then return 0 end
local ends = now + ARGV[4]
redis.call('HSET', key, 'text', ARGV[1], 'etag', ARGV[2], 'created', text(now), 'used', text(now), 'ends', text(ends))
if ARGV[5] then redis.call('HSET', key, 'subject', ARGV[5]) end
redis.call('PEXPIREAT', key, text(math.min(now + ARGV[3], ends)))
return 1`;

/** Arguments: idleMs. A Redis that is full refuses `HSET`, and the row is still returned. */
export const READ = `${SEEN}
local row = seen()
if not row then return false end
local life = redis.call('HMGET', key, 'used', 'ends')
if now - life[1] >= ARGV[1] / 20 then
  redis.pcall('HSET', key, 'used', text(now))
  redis.call('PEXPIREAT', key, text(math.min(now + ARGV[1], tonumber(life[2]))))
end
return row`;

/** Arguments: the etag that must be there, text, etag, owner or an empty text, ms of the lease, whether it is over (1 or 0), channel, name of the session. */
export const REPLACE = `${SEEN}
if redis.call('HGET', key, 'etag') ~= ARGV[1] then return { 0, seen() } end
if ARGV[4] ~= '' then
  redis.call('HSET', key, 'text', ARGV[2], 'etag', ARGV[3], 'owner', ARGV[4], 'until', text(now + ARGV[5]))
else
  redis.call('HSET', key, 'text', ARGV[2], 'etag', ARGV[3])
  redis.call('HDEL', key, 'owner', 'until')
end
if ARGV[6] == '1' then redis.call('HDEL', key, 'subject') end
if ARGV[4] == '' then redis.call('PUBLISH', ARGV[7], ARGV[8]) end
return { 1 }`;

/** Arguments: the etag that must be there, channel, name of the session. */
export const REMOVE = `${SEEN}
if redis.call('HGET', key, 'etag') ~= ARGV[1] then return { 0, seen() } end
redis.call('DEL', key)
redis.call('PUBLISH', ARGV[2], ARGV[3])
return { 1 }`;

/** Arguments: owner, ms of the lease, channel, name of the session. */
export const EXTEND = `${CLOCK}
local lease = redis.call('HMGET', key, 'owner', 'until')
if lease[1] ~= ARGV[1] or tonumber(lease[2]) <= now then return 0 end
if tonumber(ARGV[2]) > 0 then
  redis.call('HSET', key, 'until', text(now + ARGV[2]))
else
  redis.call('HDEL', key, 'owner', 'until')
  redis.call('PUBLISH', ARGV[3], ARGV[4])
end
return 1`;

/** Adds a session to the index of its user, and drops those past their absolute end. Arguments: name of the session, absoluteMs. */
export const INDEX = `${CLOCK}
redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now))
redis.call('ZADD', key, text(now + ARGV[2]), ARGV[1])
if redis.call('PTTL', key) < tonumber(ARGV[2]) then redis.call('PEXPIRE', key, ARGV[2]) end
return 1`;

/** Returns the names of a user's sessions. Some may be over. */
export const NAMES = `return redis.call('ZRANGE', KEYS[1], 0, -1)`;

/** Returns when a session was created and used, or `false` if it is not a session of this user. Arguments: the subject. */
export const TIMES = `
local row = redis.call('HMGET', KEYS[1], 'subject', 'created', 'used')
if row[1] ~= ARGV[1] then return false end
return { row[2], row[3] }`;

/** Drops sessions from the index of their user. Arguments: their names. */
export const DROP = `return redis.call('ZREM', KEYS[1], unpack(ARGV))`;
