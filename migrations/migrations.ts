// Every migration, oldest first.
import { FirstTables1763750000000 } from './20261121-first-tables.ts'
import { RecordFiles1763770000000 } from './20261121-record-files.ts'
import { Search1763760000000 } from './20261121-search.ts'
import { Arrivals1763840000000 } from './20261122-arrivals.ts'
import { Care1763940000000 } from './20261122-care.ts'
import { Course1763810000000 } from './20261122-course.ts'
import { Due1763900000000 } from './20261122-due.ts'
import { OaiVisits1763800000000 } from './20261122-oai-visits.ts'
import { Held1763950000000 } from './20261122-held.ts'
import { Hierarchy1763860000000 } from './20261122-hierarchy.ts'
import { Oai1763790000000 } from './20261122-oai.ts'
import { Shelves1763910000000 } from './20261122-shelves.ts'
import { Troubles1763870000000 } from './20261122-troubles.ts'
import { Turns1763816400000 } from './20261122-turns.ts'
import { Urgent1763930000000 } from './20261122-urgent.ts'
import { Watch1763830000000 } from './20261122-watch.ts'
import { Vacuum1763890000000 } from './20261122-vacuum.ts'
import { Uncounted1763920000000 } from './20261122-uncounted.ts'
import { VanishPercent1763867000000 } from './20261122-vanish-percent.ts'
import { Xml1763960000000 } from './20261122-xml.ts'
import { Ingests1763980000000 } from './20261122-ingests.ts'
import { Likeness1763970000000 } from './20261122-likeness.ts'
import { Pages1763995000000 } from './20261122-pages.ts'

export const migrations = [
  FirstTables1763750000000,
  Search1763760000000,
  RecordFiles1763770000000,
  Oai1763790000000,
  OaiVisits1763800000000,
  Turns1763816400000,
  Watch1763830000000,
  Course1763810000000,
  Hierarchy1763860000000,
  Arrivals1763840000000,
  VanishPercent1763867000000,
  Troubles1763870000000,
  Vacuum1763890000000,
  Due1763900000000,
  Shelves1763910000000,
  Uncounted1763920000000,
  Urgent1763930000000,
  Care1763940000000,
  Held1763950000000,
  Xml1763960000000,
  Likeness1763970000000,
  Ingests1763980000000,
  Pages1763995000000,
]
