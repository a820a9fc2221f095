# A store of the S3 kind in a process (moto), with a bucket, who may do all and who may do nothing: says where and how on one
# line, and ends with its standard input. Signatures are checked from then on. A line of that input, a name and a number, puts so
# many empty objects under names that begin so.
import json
import logging
import os
import sys

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "6"
logging.getLogger("werkzeug").setLevel(logging.ERROR)

import boto3  # noqa: E402
import moto  # noqa: E402
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402
from moto.s3.models import s3_backends  # noqa: E402

# Those before take the signatures of some clients for wrong.
if tuple(map(int, moto.__version__.split(".")[:3])) < (5, 2, 5):
    sys.exit("moto 5.2.5 or later is needed, not " + moto.__version__)

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
address = "http://%s:%d" % server.get_host_and_port()


def client(service):
    return boto3.client(
        service,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="setup",
        aws_secret_access_key="setup",
    )


client("s3").create_bucket(Bucket="campa")
iam = client("iam")
everything = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
iam.create_user(UserName="brick")
iam.put_user_policy(UserName="brick", PolicyName="all", PolicyDocument=json.dumps(everything))
iam.create_user(UserName="guest")
keys = {}
for name in ("brick", "guest"):
    key = iam.create_access_key(UserName=name)["AccessKey"]
    keys[name] = {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
print(json.dumps({"address": address, "keys": keys}), flush=True)
for line in sys.stdin:
    name, count = line.split()
    for nth in range(int(count)):
        s3_backends[DEFAULT_ACCOUNT_ID]["global"].put_object("campa", "%s%04d" % (name, nth), b"")
    print("done", flush=True)
