"""Drives the wire protocol client of an unmodified Debian waagent against a server; prints what it saw as JSON lines."""
import json
import sys

from azurelinuxagent.common import conf
from azurelinuxagent.common.protocol.restapi import ProvisionStatus
from azurelinuxagent.common.protocol.wire import WireProtocol

endpoint, directory = sys.argv[1:]
conf.get_lib_dir = lambda: directory
conf.get_enable_fast_track = lambda: False


def say(**facts):
    print(json.dumps(facts), flush=True)


def report(status, sub_status=None, description=None, thumbprint=None):
    told = ProvisionStatus(status=status, subStatus=sub_status, description=description)
    told.properties.certificateThumbprint = thumbprint
    protocol.report_provision_status(told)
    say(reported=status)


protocol = WireProtocol(endpoint)
protocol.detect()
say(
    incarnation=protocol.client.get_goal_state().incarnation,
    instance=protocol.client.get_hosting_env().vm_name,
    role=protocol.client.get_hosting_env().role_name,
    deployment=protocol.client.get_hosting_env().deployment_name,
    certificates=[certificate.thumbprint for certificate in protocol.get_certs().certificates],
)
report("NotReady", "Provisioning", "Starting")
report("Ready", thumbprint="9b1f0c")
sys.stdin.readline()
protocol.update_goal_state()
say(incarnation=protocol.client.get_goal_state().incarnation)
