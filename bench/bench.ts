// npm run bench -- NAME: runs us and a limit in turn in one run and prints ratios. Absolute times say little on a shared
// machine; the ratio of neighbours in one run says more.
import { benchHarvest } from './harvest.ts'
import { benchIiif } from './iiif.ts'
import { benchImport } from './import.ts'
import { benchIngest } from './ingest.ts'
import { benchLikeness } from './likeness.ts'
import { benchOai } from './oai.ts'
import { benchScale } from './scale.ts'

const benches: Record<string, (args: string[]) => Promise<void>> = {
  harvest: benchHarvest,
  iiif: benchIiif,
  import: benchImport,
  ingest: benchIngest,
  likeness: benchLikeness,
  oai: benchOai,
  scale: benchScale,
}

const [name = '', ...args] = process.argv.slice(2)
const bench = benches[name]
if (!bench) {
  process.stderr.write(
    `There is no benchmark "${name}"; there are ${Object.keys(benches).join(', ')}.\n`,
  )
  process.exitCode = 2
} else {
  await bench(args)
}
