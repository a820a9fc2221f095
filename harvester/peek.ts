// The beginning of a stream of bytes, looked at before all of it is read.

/** @returns the first bytes (fewer than `length` only where there are no more), and all of them */
export async function peek(
  chunks: AsyncIterable<Buffer>,
  length: number,
): Promise<{ head: Buffer; all: AsyncGenerator<Buffer, void> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  const read: Buffer[] = []
  let size = 0
  while (size < length) {
    const next = await iterator.next()
    if (next.done) break
    read.push(next.value)
    size += next.value.length
  }
  const head = read.length === 1 ? (read[0] as Buffer) : Buffer.concat(read)
  return { head, all: from(head, iterator) }
}

async function* from(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    if (head.length) yield head
    for (;;) {
      const next = await rest.next()
      if (next.done) return
      yield next.value
    }
  } finally {
    await rest.return?.()
  }
}
