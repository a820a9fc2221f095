// The edges in a file, which need not be one of a brick.
import { readEdges, type Edges } from '../../server/files/edge.ts'
import { openPath } from '../../server/storage/storage.ts'

export async function edgesAt(path: string): Promise<Edges | undefined> {
  const file = await openPath(path)
  try {
    return await readEdges(file)
  } finally {
    await file.close()
  }
}
