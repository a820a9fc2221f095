# Walks ListRecords with Sickle: a line for each record, a pause for a line of input after so many.
import sys
from sickle import Sickle

url, prefix, pause = sys.argv[1], sys.argv[2], int(sys.argv[3])
records = Sickle(url, timeout=60, max_retries=5).ListRecords(metadataPrefix=prefix)
for count, record in enumerate(records, 1):
    print(record.header.identifier, "deleted" if record.header.deleted else "there", flush=True)
    if count == pause:
        print("paused", flush=True)
        sys.stdin.readline()
