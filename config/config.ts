// The only reader of process.env: one frozen, typed Config, from the environment or one file (KEY=value lines).
// The environment wins over the file. A wrong value stops the start with one line that says what is allowed.
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { readTypedPoint, type Point } from '../schemas/point.ts'
import { levels, type Level } from '../schemas/record.ts'

export interface Config {
  /** Address that the world uses, without a trailing slash; every link is made from it. */
  baseUrl: string
  host: string
  port: number
  dataDir: string
  name: string
  level: Level
  operator: string
  /** Where it stands on the map of the network. */
  place: Point | undefined
  adminEmail: string
  /** Mail server; undefined: no mail is sent. */
  smtpUrl: string | undefined
  /** Address that mail comes from. */
  mailFrom: string
  /** Bearer token of the administrator; undefined: nobody is. */
  adminToken: string | undefined
  /** Address of the brick above, as the operator states it; without it the brick may join one. */
  parentUrl: string | undefined
  /** Whether others may ask to be harvested, and whether the operator is asked before they are. */
  children: (typeof childrenRules)[number]
  /** Networks outside the public internet that those may stand in, as `10.1.0.0/16`. */
  childrenNetworks: string[]
  /** Domain of OAI identifiers, `oai:{domain}:{id}`. */
  domain: string
  /** Where files lie; undefined: in the data folder. */
  s3: Bucket | undefined
  s3Region: string
  s3Style: (typeof s3Styles)[number]
  /** Undefined: the keys that the machine is given. */
  s3KeyId: string | undefined
  s3Secret: string | undefined
  s3Token: string | undefined
  /** That answer; with more than one, another does the work. */
  processes: number
  databaseUrl: string | undefined
  databaseSchema: string
  databasePoolSize: number
  /** One address, or those of several nodes with commas between. */
  elasticsearchUrl: string | undefined
  elasticsearchIndex: string
  /** Into how many pieces an index is cut when it is made. */
  elasticsearchShards: number
  accent: string
  profilesDir: string | undefined
  harvestEveryMinutes: number
  /** Harvests at once in this process. */
  harvests: number
  /** After so long a harvest gives its place to another that waits. */
  harvestTurnSeconds: number
  /** A list that does not say how long it is has no end beyond so many records, and ten times what it had before. */
  harvestUnannounced: number
  /** Harvests wait while the search index is so many changes behind. */
  indexLag: number
  /** Rights statement on the descriptions themselves, for those who harvest them. */
  metadataRights: string | undefined
  /** Records on a page of ListRecords. */
  oaiPageSize: number
  /** Answers of OAI-PMH on their way to one client at a time. */
  oaiConcurrency: number
  /** Requests of OAI-PMH that one client may make in a minute. */
  oaiRequestsPerMinute: number
  /** How many proxies of the operator stand before this server: whose X-Forwarded-For is believed. */
  trustedProxies: number
  /** Longest side of what everybody sees of pictures that are shown on request; 0: nothing. */
  previewPixels: number
  /** Room on disk for pictures that were drawn, in megabytes; 0: none are kept. */
  imageCacheMegabytes: number
  logLevel: string
}

/** A place in a store of the S3 kind. */
export interface Bucket {
  /** Undefined: Amazon's own. */
  endpoint: string | undefined
  bucket: string
  /** What its keys begin with: nothing, or words with a slash at the end. */
  prefix: string
}

const s3Styles = ['path', 'host'] as const
const childrenRules = ['asked', 'confirmed', 'none'] as const

/** A setting that cannot be used; the message is for the operator, one line. */
export class ConfigError extends Error {}

type Reader<T> = (text: string | undefined, name: string) => T

interface Setting<T> {
  name: string
  read: Reader<T>
  help: string
}

const fail = (name: string, given: string, allowed: string): never => {
  throw new ConfigError(`${name} is "${given}": ${allowed}.`)
}

const text =
  (fallback: string): Reader<string> =>
  (given) =>
    given?.trim() || fallback

const oneOf =
  <T extends string>(allowed: readonly T[], fallback: T): Reader<T> =>
  (given, name) => {
    if (!given?.trim()) return fallback
    const value = given.trim() as T
    return allowed.includes(value)
      ? value
      : fail(name, given, `it must be one of ${allowed.join(', ')}`)
  }

const whole =
  (least: number, most: number, fallback: number): Reader<number> =>
  (given, name) => {
    if (!given?.trim()) return fallback
    const value = Number(given)
    return Number.isInteger(value) && value >= least && value <= most
      ? value
      : fail(name, given, `it must be a whole number from ${least} to ${most}`)
  }

const zeroOr =
  (other: Reader<number>): Reader<number> =>
  (given, name) =>
    given?.trim() === '0' ? 0 : other(given, name)

const address =
  (protocols: string[]): Reader<string | undefined> =>
  (given, name) => {
    if (!given?.trim()) return undefined
    const url = URL.canParse(given.trim()) ? new URL(given.trim()) : undefined
    if (!url || !protocols.includes(url.protocol)) {
      return fail(
        name,
        given,
        `it must be an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
      )
    }
    return given.trim().replace(/\/+$/, '')
  }

const matching =
  (pattern: RegExp, allowed: string): Reader<string | undefined> =>
  (given, name) => {
    if (!given?.trim()) return undefined
    return pattern.test(given.trim()) ? given.trim() : fail(name, given, allowed)
  }

const web = address(['http:', 'https:'])
const mailAddress = matching(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/, 'it must be an e-mail address')

const webs: Reader<string | undefined> = (given, name) => {
  if (!given?.trim()) return undefined
  return given
    .split(',')
    .map((each) => web(each, name))
    .filter(Boolean)
    .join(',')
}

const networks: Reader<string[]> = (given, name) =>
  (given ?? '').split(',').flatMap((each) => {
    const network = each.trim()
    const [ip = '', bits = ''] = network.split('/')
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(ip)] ?? -1
    const isNetwork = /^\d{1,3}$/.test(bits) && Number(bits) <= most
    if (network && !isNetwork)
      return fail(name, given ?? '', 'it must be networks such as 10.1.0.0/16, with commas between')
    return network ? [network] : []
  })

const bucket: Reader<Bucket | undefined> = (given, name) => {
  if (!given?.trim()) return undefined
  const url = URL.canParse(given.trim()) ? new URL(given.trim()) : undefined
  // Somebody may have put his keys there: then they are not repeated.
  if (url?.username || url?.password)
    throw new ConfigError(
      `${name} has a name or a password in it: state keys as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    )
  const isAmazon = url?.protocol === 's3:'
  const words = (url?.pathname ?? '').split('/').filter(Boolean)
  const [first, ...rest] = isAmazon ? [url.hostname, ...words] : words
  const isPlain = [first ?? '', ...rest].every((word) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(word))
  if (
    !url ||
    !['s3:', 'https:', 'http:'].includes(url.protocol) ||
    !first ||
    !isPlain ||
    url.search
  )
    return fail(
      name,
      given,
      'it must be an address with a bucket, such as https://store.example.org/bucket, or s3://bucket of Amazon',
    )
  return {
    endpoint: isAmazon ? undefined : url.origin,
    bucket: first,
    prefix: rest.map((word) => `${word}/`).join(''),
  }
}

/** What is wrong with it is said without repeating it. */
const secret: Reader<string | undefined> = (given, name) => {
  if (!given?.trim()) return undefined
  if (/\s/.test(given.trim())) throw new ConfigError(`${name} has a space in it: copy it again.`)
  return given.trim()
}

const settings = {
  port: {
    name: 'CAMPA_PORT',
    read: whole(0, 65535, 8080),
    help: 'port to listen on (8080)',
  },
  host: { name: 'CAMPA_HOST', read: text('127.0.0.1'), help: 'interface to listen on (127.0.0.1)' },
  baseUrl: {
    name: 'CAMPA_BASE_URL',
    read: web,
    help: 'address that the world uses (http://HOST:PORT)',
  },
  dataDir: {
    name: 'CAMPA_DATA_DIR',
    read: (given) => resolve(given?.trim() || 'data'),
    help: 'folder for files and the embedded database (./data)',
  },
  name: { name: 'CAMPA_NAME', read: text('CaMPA'), help: 'name of this brick' },
  level: {
    name: 'CAMPA_LEVEL',
    read: oneOf(levels, 'museum'),
    help: `level in the hierarchy: ${levels.join(', ')} (museum)`,
  },
  operator: {
    name: 'CAMPA_OPERATOR',
    read: text(''),
    help: 'who keeps this brick',
  },
  place: {
    name: 'CAMPA_PLACE',
    read: (given, name) => {
      if (!given?.trim()) return undefined
      return (
        readTypedPoint(given) ??
        fail(name, given, 'it must be latitude,longitude,name, such as 45.188,5.724,Grenoble')
      )
    },
    help: 'where it stands on the map of the network: latitude,longitude,name',
  },
  adminEmail: {
    name: 'CAMPA_ADMIN_EMAIL',
    read: (given, name) => mailAddress(given, name) ?? 'administrator@example.org',
    help: 'contact, shown to harvesters',
  },
  smtpUrl: {
    name: 'CAMPA_SMTP_URL',
    read: address(['smtp:', 'smtps:']),
    help: 'mail server, as smtps://name:password@mail.example.org; without it no mail is sent',
  },
  mailFrom: {
    name: 'CAMPA_MAIL_FROM',
    read: mailAddress,
    help: 'address that mail comes from (CAMPA_ADMIN_EMAIL)',
  },
  adminToken: {
    name: 'CAMPA_ADMIN_TOKEN',
    read: matching(/^\S{16,}$/, 'it must have at least 16 characters and no space'),
    help: 'bearer token of the administrator, at least 16 characters',
  },
  parentUrl: {
    name: 'CAMPA_PARENT_URL',
    read: web,
    help: 'address of the brick above (the one that "campa join" joined)',
  },
  children: {
    name: 'CAMPA_CHILDREN',
    read: oneOf(childrenRules, 'asked'),
    help: 'bricks that ask to be harvested: asked (you decide), confirmed (at once when they have confirmed by mail), none (asked)',
  },
  childrenNetworks: {
    name: 'CAMPA_CHILDREN_NETWORKS',
    read: networks,
    help: 'networks of yours that such bricks may stand in, as 10.1.0.0/16,192.168.7.0/24 (none: the public internet only)',
  },
  domain: {
    name: 'CAMPA_DOMAIN',
    read: matching(
      /^[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+$/,
      'it must be a domain name such as museum.example.org, each part beginning with a letter',
    ),
    help: 'domain of OAI identifiers (host name of CAMPA_BASE_URL)',
  },
  s3: {
    name: 'CAMPA_S3_URL',
    read: bucket,
    help: 'where files lie: https://store.example.org/bucket, or s3://bucket of Amazon, both with /prefix; without it in CAMPA_DATA_DIR',
  },
  s3Region: {
    name: 'AWS_REGION',
    read: text('us-east-1'),
    help: 'region of the store (us-east-1)',
  },
  s3Style: {
    name: 'CAMPA_S3_STYLE',
    read: oneOf(s3Styles, 'path'),
    help: 'where the store reads the name of the bucket: path (store.example.org/bucket) or host (bucket.store.example.org) (path)',
  },
  s3KeyId: {
    name: 'AWS_ACCESS_KEY_ID',
    read: secret,
    help: 'key for the store (the one that the machine is given)',
  },
  s3Secret: { name: 'AWS_SECRET_ACCESS_KEY', read: secret, help: 'the secret of that key' },
  s3Token: { name: 'AWS_SESSION_TOKEN', read: secret, help: 'its token, where it has one' },
  databaseUrl: {
    name: 'DATABASE_URL',
    read: address(['postgres:', 'postgresql:']),
    help: 'PostgreSQL; without it an embedded one runs in CAMPA_DATA_DIR',
  },
  databaseSchema: {
    name: 'CAMPA_DATABASE_SCHEMA',
    read: (given, name) =>
      matching(/^[a-z_][a-z0-9_]{0,62}$/, 'it must be a plain schema name')(given, name) ??
      'public',
    help: 'schema of the tables (public)',
  },
  databasePoolSize: {
    name: 'CAMPA_DATABASE_POOL',
    read: whole(5, 200, 10),
    help: 'connections to the database (10)',
  },
  elasticsearchUrl: {
    name: 'ELASTICSEARCH_URL',
    read: webs,
    help: 'Elasticsearch, several nodes with commas between; without it PostgreSQL searches',
  },
  elasticsearchIndex: {
    name: 'CAMPA_ELASTICSEARCH_INDEX',
    read: (given, name) =>
      matching(/^[a-z0-9][a-z0-9_-]{0,100}$/, 'it must be a plain index name')(given, name) ??
      'campa',
    help: 'name that the indexes begin with (campa)',
  },
  elasticsearchShards: {
    name: 'CAMPA_ELASTICSEARCH_SHARDS',
    read: whole(1, 1000, 1),
    help: 'shards of an index that is made: one for each 50 million records (1)',
  },
  accent: {
    name: 'CAMPA_ACCENT',
    read: (given, name) =>
      matching(/^#[0-9a-fA-F]{6}$/, 'it must be a colour such as #0f5c5c')(given, name) ??
      '#0f5c5c',
    help: 'accent colour of the pages (#0f5c5c)',
  },
  profilesDir: {
    name: 'CAMPA_PROFILES_DIR',
    read: (given) => (given?.trim() ? resolve(given.trim()) : undefined),
    help: 'folder with profiles of your own (CAMPA_DATA_DIR/profiles)',
  },
  harvestEveryMinutes: {
    name: 'CAMPA_HARVEST_EVERY_MINUTES',
    read: whole(1, 525_600, 1440),
    help: 'how often each source is harvested (1440)',
  },
  harvests: {
    name: 'CAMPA_HARVESTS',
    read: whole(0, 60, 2),
    help: 'harvests at once in this process, each with three connections to the database (2); 0: none',
  },
  processes: {
    name: 'CAMPA_PROCESSES',
    read: whole(1, 64, 1),
    help: 'processes that answer at the same port, for a machine of several cores (1); with more than one, another does the work',
  },
  harvestTurnSeconds: {
    name: 'CAMPA_HARVEST_TURN_SECONDS',
    read: whole(1, 86_400, 300),
    help: 'after so long a harvest gives its place to another that waits, and goes on later (300)',
  },
  harvestUnannounced: {
    name: 'CAMPA_HARVEST_UNANNOUNCED',
    read: whole(1, 1_000_000_000_000, 10_000_000),
    help: 'records of a list that does not say how many there are, beside ten times what it had before (10000000)',
  },
  indexLag: {
    name: 'CAMPA_INDEX_LAG',
    read: whole(1000, 1_000_000_000, 100_000),
    help: 'changes that the search index may be behind before harvests wait for it (100000)',
  },
  metadataRights: {
    name: 'CAMPA_METADATA_RIGHTS',
    read: web,
    help: 'address of the rights statement on your descriptions (not on the objects), told to harvesters',
  },
  oaiPageSize: {
    name: 'CAMPA_OAI_PAGE_SIZE',
    read: whole(1, 5000, 500),
    help: 'records on a page of OAI-PMH (500)',
  },
  oaiConcurrency: {
    name: 'CAMPA_OAI_CONCURRENCY',
    read: whole(1, 1000, 16),
    help: 'OAI-PMH answers on their way to one client at a time (16)',
  },
  oaiRequestsPerMinute: {
    name: 'CAMPA_OAI_REQUESTS_PER_MINUTE',
    read: whole(1, 10_000_000, 6000),
    help: 'OAI-PMH requests of one client in a minute (6000)',
  },
  trustedProxies: {
    name: 'CAMPA_TRUSTED_PROXIES',
    read: whole(0, 10, 0),
    help: 'proxies of yours before this server, whose X-Forwarded-For tells clients apart (0)',
  },
  previewPixels: {
    name: 'CAMPA_PREVIEW_PIXELS',
    read: zeroOr(whole(512, 4000, 0)),
    help: 'longest side, in pixels (512 or more), of what everybody sees of pictures that are shown on request; 0: nothing (0)',
  },
  imageCacheMegabytes: {
    name: 'CAMPA_IMAGE_CACHE_MB',
    read: whole(0, 100_000_000, 1024),
    help: 'megabytes on disk for pictures that were drawn for somebody, to be given to the next; 0: none (1024)',
  },
  logLevel: {
    name: 'CAMPA_LOG_LEVEL',
    read: oneOf(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const, 'info'),
    help: 'how much is logged (info)',
  },
} satisfies { [key in keyof Config]: Setting<unknown> }

/** Each variable with a line of help, in the order of the documentation. */
export const variables: { name: string; help: string }[] = Object.values(settings).map(
  ({ name, help }) => ({ name, help }),
)

function fromFile(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const named = environment['CAMPA_CONFIG_FILE']
  const file = resolve(named ?? 'campa.env')
  if (!existsSync(file)) {
    if (named) throw new ConfigError(`CAMPA_CONFIG_FILE is "${named}": there is no such file.`)
    return {}
  }
  const values = parseEnv(readFileSync(file, 'utf8'))
  const known = new Set(variables.map((variable) => variable.name))
  for (const name of Object.keys(values)) {
    if (!known.has(name)) throw new ConfigError(`${file} sets ${name}, which CaMPA does not know.`)
  }
  return values
}

function domainOf(baseUrl: string): string {
  const { hostname, port } = new URL(baseUrl)
  const dotted = /^[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+$/
  return dotted.test(hostname) ? hostname : `brick-${port || '80'}.localhost`
}

/**
 * Reads and checks the configuration.
 * @throws {ConfigError} on the first value that cannot be used, and on a CAMPA_ variable that does not exist
 */
export function loadConfig(
  environment: NodeJS.ProcessEnv = process.env,
  overrides: Partial<Config> = {},
): Config {
  const given: Record<string, string | undefined> = { ...fromFile(environment), ...environment }
  const known = new Set([...variables.map((variable) => variable.name), 'CAMPA_CONFIG_FILE'])
  for (const name of Object.keys(given)) {
    if (name.startsWith('CAMPA_') && !known.has(name)) {
      throw new ConfigError(
        `${name} is set, but CaMPA does not know it; "campa --help" lists what it knows.`,
      )
    }
  }
  const read = <T>(setting: Setting<T>): T => setting.read(given[setting.name], setting.name)
  const port = overrides.port ?? read(settings.port)
  const host = overrides.host ?? read(settings.host)
  const baseUrl = overrides.baseUrl ?? read(settings.baseUrl) ?? `http://${host}:${port}`
  const name = read(settings.name)
  const adminEmail = read(settings.adminEmail)
  const [keyId, secretKey] = [read(settings.s3KeyId), read(settings.s3Secret)]
  if (read(settings.s3) && !keyId !== !secretKey) {
    throw new ConfigError(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together: only one of them is set.',
    )
  }
  return Object.freeze({
    baseUrl,
    host,
    port,
    dataDir: read(settings.dataDir),
    name,
    level: read(settings.level),
    operator: read(settings.operator) || name,
    place: read(settings.place),
    adminEmail,
    smtpUrl: read(settings.smtpUrl),
    mailFrom: read(settings.mailFrom) ?? adminEmail,
    adminToken: read(settings.adminToken),
    parentUrl: read(settings.parentUrl),
    children: read(settings.children),
    childrenNetworks: read(settings.childrenNetworks),
    domain: read(settings.domain) ?? domainOf(baseUrl),
    s3: read(settings.s3),
    s3Region: read(settings.s3Region),
    s3Style: read(settings.s3Style),
    s3KeyId: keyId,
    s3Secret: secretKey,
    s3Token: read(settings.s3Token),
    databaseUrl: read(settings.databaseUrl),
    databaseSchema: read(settings.databaseSchema),
    databasePoolSize: read(settings.databasePoolSize),
    elasticsearchUrl: read(settings.elasticsearchUrl),
    elasticsearchIndex: read(settings.elasticsearchIndex),
    elasticsearchShards: read(settings.elasticsearchShards),
    accent: read(settings.accent),
    profilesDir: read(settings.profilesDir),
    harvestEveryMinutes: read(settings.harvestEveryMinutes),
    processes: read(settings.processes),
    harvests: read(settings.harvests),
    harvestTurnSeconds: read(settings.harvestTurnSeconds),
    harvestUnannounced: read(settings.harvestUnannounced),
    indexLag: read(settings.indexLag),
    metadataRights: read(settings.metadataRights),
    oaiPageSize: read(settings.oaiPageSize),
    oaiConcurrency: read(settings.oaiConcurrency),
    oaiRequestsPerMinute: read(settings.oaiRequestsPerMinute),
    trustedProxies: read(settings.trustedProxies),
    previewPixels: read(settings.previewPixels),
    imageCacheMegabytes: read(settings.imageCacheMegabytes),
    logLevel: read(settings.logLevel),
    ...overrides,
  })
}
