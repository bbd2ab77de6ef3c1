/** The variables of the environment, as a table: what each means, which values it takes, what holds where it is not set. */

export type KeyName = 'signing' | 'token' | 'pseudonym' | 'master'

/** `name+id+base64@url`, as `concord witness key` prints the key. */
const witness = '[^\\s+,]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]+=*@https?://[^\\s,]+'

export const environmentSchema = {
  type: 'object',
  additionalProperties: false,
  dependentRequired: { CONCORD_TLS_CERT: ['CONCORD_TLS_KEY'], CONCORD_TLS_KEY: ['CONCORD_TLS_CERT'] },
  properties: {
    CONCORD_HOST: { type: 'string', minLength: 1, default: '127.0.0.1', description: 'Address to listen on.' },
    CONCORD_PORT: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 8080,
      description: 'Port; 0 takes a free one.',
    },
    CONCORD_DATA_DIR: { type: 'string', minLength: 1, default: './data', description: 'Folder of databases and keys.' },
    CONCORD_SAMPLES: {
      type: 'string',
      enum: ['0', '1'],
      default: '0',
      description: '1: fill an empty hub with samples.',
    },
    CONCORD_LOG_ORIGIN: {
      type: 'string',
      pattern: '^[^\\s+]+$',
      default: 'concord.local/log',
      description:
        'Name of the access log in its checkpoints (C2SP tlog-checkpoint origin); fixed once the log exists.',
    },
    CONCORD_WITNESSES: {
      type: 'string',
      pattern: `^ *${witness}( *, *${witness})* *$`,
      description: 'Witnesses of the access log, joined by commas: each its verifier key, an @, and its address.',
    },
    CONCORD_LOG_LEVEL: {
      type: 'string',
      enum: ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
      default: 'info',
      description: 'Level of the application log on standard error (NDJSON).',
    },
    CONCORD_TLS_CERT: { type: 'string', minLength: 1, description: 'PEM file of the certificate chain.' },
    CONCORD_TLS_KEY: { type: 'string', minLength: 1, description: 'PEM file of the certificate’s private key.' },
    CONCORD_TRUSTED_PROXIES: {
      type: 'string',
      minLength: 1,
      description: 'Addresses or CIDR ranges of the proxies that end TLS, joined by commas.',
    },
    CONCORD_PUBLIC_URL: {
      type: 'string',
      pattern: '^https?://[^\\s?#/]+(/[^\\s?#]*)?$',
      description:
        'Address that clients call the hub by: signed assertions may name it, or its /oauth/token, beside CONCORD_LOG_ORIGIN; identifiers in the DCAT catalogue begin with it.',
    },
    CONCORD_RATE_LIMIT: {
      type: 'integer',
      minimum: 0,
      default: 1000,
      description: 'Requests a second of a client, in this process, where it has no rate of its own; 0: any number.',
    },
    CONCORD_TOKEN_RATE_LIMIT: {
      type: 'integer',
      minimum: 0,
      default: 20,
      description: 'Requests for a token a second from one address, in this process; 0: any number.',
    },
    CONCORD_OPEN_RATE_LIMIT: {
      type: 'integer',
      minimum: 0,
      default: 5,
      description: 'Requests for open data a second from one address, in this process; 0: any number.',
    },
    CONCORD_OPEN_TOTAL_RATE_LIMIT: {
      type: 'integer',
      minimum: 0,
      default: 20,
      description: 'Requests for open data a second from all addresses, in this process; 0: any number.',
    },
    CONCORD_OPEN_DAILY_RECORDS: {
      type: 'integer',
      minimum: 0,
      default: 2_000_000,
      description:
        'Records of open data that the public gets on one day (UTC), half of them at most from one address; each takes a place in the log. 0: any number.',
    },
    CONCORD_CATALOGUE_PUBLISHER: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]*$',
      description: 'Department that the DCAT catalogue names as its publisher; the hub itself where it is not set.',
    },
    CONCORD_MAX_EVENT_LOOP_DELAY_MS: {
      type: 'integer',
      minimum: 0,
      default: 500,
      description: 'Mean delay of the event loop in a second, beyond which calls are shed (503); 0: none are.',
    },
    CONCORD_MAX_HEAP_BYTES: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Used heap beyond which calls are shed; 0: none are.',
    },
    CONCORD_MAX_RSS_BYTES: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Resident memory beyond which calls are shed; 0: none are.',
    },
    CONCORD_BODY_LIMIT_BYTES: {
      type: 'integer',
      minimum: 1024,
      default: 1_073_741_824,
      description: 'Largest input of a delivery, in bytes.',
    },
    CONCORD_SUNSET_NOTICE_DAYS: {
      type: 'integer',
      minimum: 0,
      maximum: 3650,
      default: 30,
      description: 'Days between the deprecation of a major and its sunset, at least.',
    },
    CONCORD_CORRECTION_DAYS: {
      type: 'integer',
      minimum: 1,
      maximum: 365,
      default: 14,
      description: 'Days within which a department is to answer a correction that a consumer asks for.',
    },
    CONCORD_PULL_HOSTS: {
      type: 'string',
      minLength: 1,
      description:
        'Hosts that adapters may pull from besides those a credential is set for, joined by commas: host, host:port, *.gov.example; * any.',
    },
    CONCORD_DROP_DIR: {
      type: 'string',
      minLength: 1,
      description: 'Folder whose subfolders, one a department, adapters may pull files from.',
    },
    CONCORD_SIGNING_KEY_FILE: {
      type: 'string',
      minLength: 1,
      description: 'Ed25519 private key (PEM) that signs the log.',
    },
    CONCORD_TOKEN_KEY_FILE: {
      type: 'string',
      minLength: 1,
      description: 'Ed25519 private key (PEM) that signs tokens.',
    },
    CONCORD_PSEUDONYM_KEY_FILE: { type: 'string', minLength: 1, description: '32 bytes in base64: pseudonyms.' },
    CONCORD_MASTER_KEY_FILE: { type: 'string', minLength: 1, description: '32 bytes in base64: wraps the data keys.' },
  },
} as const

/** What {@link environmentSchema} leaves after defaults. */
export type Environment = {
  CONCORD_HOST: string
  CONCORD_PORT: number
  CONCORD_DATA_DIR: string
  CONCORD_SAMPLES: '0' | '1'
  CONCORD_LOG_ORIGIN: string
  CONCORD_LOG_LEVEL: string
  CONCORD_BODY_LIMIT_BYTES: number
  CONCORD_CORRECTION_DAYS: number
  CONCORD_SUNSET_NOTICE_DAYS: number
  CONCORD_RATE_LIMIT: number
  CONCORD_TOKEN_RATE_LIMIT: number
  CONCORD_OPEN_RATE_LIMIT: number
  CONCORD_OPEN_TOTAL_RATE_LIMIT: number
  CONCORD_OPEN_DAILY_RECORDS: number
  CONCORD_CATALOGUE_PUBLISHER?: string
  CONCORD_MAX_EVENT_LOOP_DELAY_MS: number
  CONCORD_MAX_HEAP_BYTES: number
  CONCORD_MAX_RSS_BYTES: number
  CONCORD_PUBLIC_URL?: string
  CONCORD_WITNESSES?: string
  CONCORD_TLS_CERT?: string
  CONCORD_TLS_KEY?: string
  CONCORD_TRUSTED_PROXIES?: string
  CONCORD_PULL_HOSTS?: string
  CONCORD_DROP_DIR?: string
} & { [name in `CONCORD_${Uppercase<KeyName>}_KEY_FILE`]?: string }
