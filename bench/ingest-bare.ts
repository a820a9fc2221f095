// sharp's bare conversion of a picture to the pyramid that an ingest makes, in a process of its own, for the benchmark.
import sharp from 'sharp'

const [source = '', target = ''] = process.argv.slice(2)
sharp.cache(false)
sharp.concurrency(1)
await sharp(source, { sequentialRead: true, limitInputPixels: false })
  .tiff({
    compression: 'jpeg',
    quality: 85,
    tile: true,
    tileWidth: 512,
    tileHeight: 512,
    pyramid: true,
    bigtiff: true,
  })
  .toFile(target)
// What it cost is read from outside, so that both sides are measured alike.
process.send?.('done')
process.on('disconnect', () => process.exit())
