// What a store of the S3 kind says when it refuses, as one sentence with what to do about it.
import { StoreError } from './storage.ts'

export interface Place {
  /** Undefined: Amazon's own. */
  endpoint: string | undefined
  region: string
  bucket: string
}

interface Refusal {
  name?: string
  Code?: string
  code?: string
  message?: string
  $metadata?: { httpStatusCode?: number }
}

const statusOf = (error: unknown): number | undefined =>
  (error as Refusal).$metadata?.httpStatusCode

export function isMissing(error: unknown): boolean {
  const { name } = error as Refusal
  return name === 'NoSuchKey' || (name === 'NotFound' && statusOf(error) === 404)
}

/** Nothing lies at the bytes that were asked for. */
export const isOutside = (error: unknown): boolean =>
  statusOf((error as Error).cause ?? error) === 416

/** The store has no such command. */
export const isUnheardOf = (error: unknown): boolean => statusOf(error) === 501

/** The sentence, with what was refused as its cause. */
export function told(error: unknown, place: Place): Error {
  if (error instanceof StoreError) return error
  return new StoreError(sentence(error as Refusal, place), { cause: error })
}

const rights =
  's3:ListBucket and s3:ListBucketMultipartUploads on the bucket; s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on what is in it'

const byName: Record<string, (place: Place) => string> = {
  NoSuchBucket: ({ bucket }) =>
    `has no bucket "${bucket}": create it there, or correct CAMPA_S3_URL`,
  InvalidBucketName: ({ bucket }) =>
    `says that "${bucket}" is no name of a bucket: correct CAMPA_S3_URL`,
  InvalidAccessKeyId: () => 'does not know the key: correct AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: () =>
    'does not accept the secret of the key: correct AWS_SECRET_ACCESS_KEY (and CAMPA_S3_URL, whose host is signed too)',
  ExpiredToken: () => 'says that the key has expired: give the brick a new one',
  InvalidToken: () => 'does not accept AWS_SESSION_TOKEN: correct it, or leave it out',
  CredentialsProviderError: () =>
    'wants a key, and this machine was given none: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  RequestTimeTooSkewed: () =>
    'has another time than this machine: set the clock (NTP) of whichever is wrong',
  PreconditionFailed: () => 'has another file than before under a key: retry',
  AuthorizationHeaderMalformed: ({ region }) =>
    `is not in the region ${region}: set AWS_REGION to the one of the bucket`,
  PermanentRedirect: ({ region }) =>
    `says that the bucket is elsewhere (asked in ${region}): correct AWS_REGION and CAMPA_S3_URL`,
}

const lost = /^(ECONN\w+|EHOST\w+|ENET\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|TimeoutError)$/

function sentence(error: Refusal, place: Place): string {
  const store = `The store of files (${place.endpoint ?? 'Amazon S3'})`
  const name = error.name ?? error.Code ?? ''
  const known = byName[name] ?? (error.Code ? byName[error.Code] : undefined)
  const status = statusOf(error)
  if (known) return `${store} ${known(place)}.`
  if (status === 403) return `${store} does not allow this to the key: allow it ${rights}.`
  if (error.code && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(error.code))
    return `${store} has a certificate that this machine does not trust (${error.code}): correct it, or name the authority's in NODE_EXTRA_CA_CERTS.`
  if (error.code && /^(?:EPROTO|ERR_SSL)/.test(error.code))
    return `${store} does not speak TLS there: correct CAMPA_S3_URL (http or https, and the port).`
  // What speaks HTTP and not S3 has no code that the SDK can read.
  if (
    status !== undefined &&
    status < 500 &&
    (['Error', 'NotFound'].includes(name) || /deserializ|XML/i.test(error.message ?? ''))
  )
    return `${store} does not answer as S3 does (HTTP ${status}): correct CAMPA_S3_URL.`
  if (status !== undefined)
    return `${store} answers ${status} (${name}): look at its log, and retry.`
  if (lost.test(error.code ?? name))
    return `${store} cannot be reached (${error.code ?? error.name}): start it, or correct CAMPA_S3_URL.`
  return `${store} could not be used: ${(error.message ?? name).split('\n')[0]}.`
}
