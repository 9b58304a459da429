"""boto3: the credentials of a session, refreshed by force on every later fetch.

The forced refresh is botocore's own, past its check of the expiry, because botocore rewrites an expiry that is
less than 15 minutes away and would keep the old keys (facts of the `rotating` case).
"""

import logging

import boto3
from botocore.exceptions import ClientError, MetadataRetrievalError

from driver import Failed, serve

SESSION = boto3.Session()
# botocore logs every failed attempt as a warning; the table wants the outcome alone.
logging.getLogger("botocore").setLevel(logging.CRITICAL)


def fetch():
    try:
        held = SESSION._session._credentials
        if held is not None:
            held._protected_refresh(is_mandatory=True)
        found = SESSION.get_credentials()
    except MetadataRetrievalError as error:
        raise Failed(kind(str(error)), str(error)) from error
    except ClientError as error:
        raise Failed("refused", str(error)) from error
    if found is None:
        raise Failed("no-credentials", "boto3 found no credentials")
    return {"access_key": found.get_frozen_credentials().access_key}


def kind(text):
    return "times-out" if "timed out" in text.lower() else "refused"


serve("boto3", boto3.__version__, fetch)
