// Chooses where files lie: in a store of the S3 kind when the configuration names one, in the data folder otherwise.
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { folderStorage } from './folder.ts'
import type { Storage } from './storage.ts'

/**
 * Loads the client of S3 only where it is wanted: it takes memory.
 * @throws with a sentence for the operator when the store cannot be used
 */
export async function openStorage(config: Config): Promise<Storage> {
  const { s3, s3Region, s3Style, s3KeyId, s3Secret, s3Token, dataDir } = config
  if (!s3) return folderStorage(join(dataDir, 'files'))
  const { openBucket } = await import('./s3.ts')
  return openBucket({
    ...s3,
    region: s3Region,
    style: s3Style,
    keys: s3KeyId && s3Secret ? { id: s3KeyId, secret: s3Secret, token: s3Token } : undefined,
    aside: join(dataDir, 'aside'),
  })
}
