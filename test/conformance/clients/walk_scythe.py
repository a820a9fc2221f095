# Walks ListRecords with oaipmh-scythe: a line for each record, a pause for a line of input after so many.
import sys
from oaipmh_scythe import Scythe

url, prefix, pause = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Scythe(url) as scythe:
    for count, record in enumerate(scythe.list_records(metadata_prefix=prefix), 1):
        print(record.header.identifier, "deleted" if record.header.deleted else "there", flush=True)
        if count == pause:
            print("paused", flush=True)
            sys.stdin.readline()
